import { expect, test } from 'vitest'
import { buildGroup, buildLogRecord, traceIdOf } from '../testing/build-telemetry.ts'
import { createLooseLogs } from './loose-logs.ts'

const createRing = ({ looseLogRecordsMax = 1_000, looseLogBytesMax = 1_000_000 } = {}) =>
  createLooseLogs({ looseLogRecordsMax, looseLogBytesMax }, () => 0)

const bodiesIn = (ring: ReturnType<typeof createRing>) => [...ring.list()].map(({ body }) => body)

test('keeps records without a trace, the oldest first, and leaves those of a trace alone', () => {
  const ring = createRing()
  ring.addLogRecords([
    buildGroup([
      buildLogRecord({ body: 'one' }),
      buildLogRecord({ body: 'of a trace', traceId: traceIdOf(1) }),
      buildLogRecord({ body: 'two' }),
    ]),
  ])

  expect(bodiesIn(ring)).toEqual(['one', 'two'])
})

test('past its count the oldest goes', () => {
  const ring = createRing({ looseLogRecordsMax: 2 })
  ring.addLogRecords([buildGroup(['one', 'two', 'three'].map((body) => buildLogRecord({ body })))])

  expect(bodiesIn(ring)).toEqual(['two', 'three'])
  expect(ring.stats().evicted).toBe(1)
})

test('past its bytes the oldest goes, resources included', () => {
  const ring = createRing({ looseLogBytesMax: 60_000 })
  for (let n = 1; n <= 50; n += 1) {
    const service = `${n}`.padEnd(5_000, 'x')
    ring.addLogRecords([buildGroup([buildLogRecord({ body: `${n}` })], { service })])
    expect(ring.stats().bytes).toBeLessThanOrEqual(60_000)
  }

  expect(bodiesIn(ring).at(-1)).toBe('50')
  expect(ring.stats().logRecords).toBeGreaterThan(2)
})

test('a flood of records without a time is taken in linear time', () => {
  const ring = createRing()
  const record = buildLogRecord({ timeNanos: 0n, observedTimeNanos: 0n })
  for (let count = 0; count < 2; count += 1)
    ring.addLogRecords([buildGroup(Array.from({ length: 150_000 }, () => record))])

  expect(ring.stats().evicted).toBeGreaterThan(290_000)
})

test('what was cleared comes back, beside what has come since', () => {
  const ring = createRing()
  ring.addLogRecords([buildGroup([buildLogRecord({ body: 'before' })])])
  const bringBack = ring.clear()
  ring.addLogRecords([buildGroup([buildLogRecord({ body: 'since' })])])
  bringBack()

  expect([...ring.list()].map(({ body }) => body)).toEqual(['before', 'since'])
})

test('clearing forgets every record and every byte', () => {
  const ring = createRing()
  ring.addLogRecords([buildGroup([buildLogRecord(), buildLogRecord()])])
  ring.clear()

  expect(ring.stats()).toEqual({ logRecords: 0, bytes: 0, evicted: 0, duplicates: 0 })
})
