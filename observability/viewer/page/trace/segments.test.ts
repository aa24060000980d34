import { expect, test } from 'vitest'
import {
  buildAttributes,
  buildSpan,
  epochNanos,
} from '../../../collector/testing/build-telemetry.ts'
import type { Span } from '../../../otlp/model.ts'
import { readSegments } from './segments.ts'

const statement = (acquiredNanos: bigint | undefined) =>
  buildSpan({
    kind: 3,
    startNanos: epochNanos,
    endNanos: epochNanos + 100n,
    attributes: buildAttributes({ 'db.system.name': 'postgresql' }),
    events:
      acquiredNanos === undefined
        ? []
        : [
            {
              timeNanos: epochNanos + acquiredNanos,
              name: 'db.connection.acquired',
              attributes: [],
              droppedAttributesCount: 0,
            },
          ],
  })

const describeSegments = (span: Span, attempts: readonly Span[] = []) =>
  readSegments(span, attempts).map(({ part, startNanos, endNanos }) => [
    part,
    Number(startNanos - epochNanos),
    Number(endNanos - epochNanos),
  ])

test('a statement waits until it has a connection', () => {
  expect(describeSegments(statement(30n))).toEqual([
    ['wait', 0, 30],
    ['database', 30, 100],
  ])
})

test.each([undefined, 0n, -5n, 101n])('an event at %s tells nothing apart', (at) => {
  expect(describeSegments(statement(at))).toEqual([['database', 0, 100]])
})

test('a statement that failed while a connection was attempted never worked', () => {
  const failed = { ...statement(undefined), status: { code: 2, message: 'ECONNREFUSED' } }
  const attempt = { ...failed, name: 'CONNECT todo', endNanos: epochNanos + 90n }
  const before = { ...attempt, startNanos: epochNanos - 9n, endNanos: epochNanos }
  expect(describeSegments(failed, [attempt])).toEqual([['wait', 0, 100]])
  expect(describeSegments(failed, [before])).toEqual([['database', 0, 100]])
  expect(describeSegments(statement(undefined), [attempt])).toEqual([['database', 0, 100]])
})

test.each([
  ['server', buildSpan({ kind: 2 })],
  ['client', buildSpan({ kind: 3 })],
  ['other', buildSpan({ kind: 1 })],
  [
    'connect',
    buildSpan({
      kind: 3,
      name: 'CONNECT todo',
      attributes: buildAttributes({ 'db.system.name': 'x' }),
    }),
  ],
])('%s', (part, span) => {
  expect(readSegments(span, [])[0]?.part).toBe(part)
})

test('a span that ends before it starts takes no time', () => {
  const span = buildSpan({ startNanos: epochNanos, endNanos: epochNanos - 5n })
  expect(describeSegments(span)).toEqual([['server', 0, 0]])
})
