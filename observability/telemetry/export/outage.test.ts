import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../logs/logs.ts'
import { ExportError } from './exporters.ts'
import { createOutage } from './outage.ts'

function setUp() {
  const entries: LogEntry[] = []
  return { outage: createOutage((entry) => entries.push(entry)), entries }
}

const url = 'http://collector:4318/v1/traces'
const down = new ExportError('connect ECONNREFUSED', true)

describe('an outage', () => {
  test('of both signals is one line when it begins, and one when the last gets through', () => {
    const { outage, entries } = setUp()
    outage.begin('spans', url, down)
    outage.begin('log records', url, down)
    outage.end('spans', url, 3)
    expect(entries).toHaveLength(1)
    outage.end('log records', url, 4)
    expect(entries).toEqual([
      {
        severity: 'warn',
        event: 'telemetry.export_failed',
        message:
          'telemetry cannot be sent to http://collector:4318/v1/traces; it is kept, within bounds, until it can',
        attributes: { 'error.message': 'connect ECONNREFUSED' },
      },
      {
        severity: 'info',
        event: 'telemetry.export_recovered',
        message:
          'telemetry is sent to http://collector:4318/v1/traces again; 7 spans and log records were lost',
        attributes: { 'telemetry.dropped': 7 },
      },
    ])
  })

  test('that comes again is told again, and counts anew', () => {
    const { outage, entries } = setUp()
    outage.begin('spans', url, down)
    outage.end('spans', url, 3)
    outage.begin('spans', url, down)
    outage.end('spans', url, 1)
    expect(entries.map(({ attributes }) => attributes?.['telemetry.dropped'])).toEqual([
      undefined,
      3,
      undefined,
      1,
    ])
  })

  test('by refusal says that what was sent is lost', () => {
    const { outage, entries } = setUp()
    outage.begin('spans', url, new ExportError('answered 401 Unauthorized', false))
    expect(entries[0]).toMatchObject({
      message: 'telemetry is refused by http://collector:4318/v1/traces and lost',
      attributes: { 'error.message': 'answered 401 Unauthorized' },
    })
  })
})
