import { describe, expect, test } from 'vitest'
import { ExportError } from './exporters.ts'
import type { LogEntry } from './logs.ts'
import { createOutage } from './outage.ts'

function setUp() {
  const entries: LogEntry[] = []
  return { outage: createOutage('http://collector:4318', (entry) => entries.push(entry)), entries }
}

const down = new ExportError('connect ECONNREFUSED', true)

describe('an outage', () => {
  test('of both signals is one line when it begins, and one when the last gets through', () => {
    const { outage, entries } = setUp()
    outage.begin('spans', down)
    outage.begin('log records', down)
    outage.end('spans', 3)
    expect(entries).toHaveLength(1)
    outage.end('log records', 4)
    expect(entries).toEqual([
      {
        severity: 'warn',
        event: 'telemetry.export_failed',
        message:
          'telemetry cannot be sent to http://collector:4318; it is kept, within bounds, until it can',
        attributes: { 'error.message': 'connect ECONNREFUSED' },
      },
      {
        severity: 'info',
        event: 'telemetry.export_recovered',
        message:
          'telemetry is sent to http://collector:4318 again; 7 spans and log records were lost',
        attributes: { 'telemetry.dropped': 7 },
      },
    ])
  })

  test('that comes again is told again, and counts anew', () => {
    const { outage, entries } = setUp()
    outage.begin('spans', down)
    outage.end('spans', 3)
    outage.begin('spans', down)
    outage.end('spans', 1)
    expect(entries.map(({ attributes }) => attributes?.['telemetry.dropped'])).toEqual([
      undefined,
      3,
      undefined,
      1,
    ])
  })

  test('by refusal says that what was sent is lost', () => {
    const { outage, entries } = setUp()
    outage.begin('spans', new ExportError('answered 401 Unauthorized', false))
    expect(entries[0]).toMatchObject({
      message: 'telemetry is refused by http://collector:4318 and lost',
      attributes: { 'error.message': 'answered 401 Unauthorized' },
    })
  })
})
