import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../otlp/model.ts'
import {
  buildTrace,
  change,
  connect,
  createSpan,
  request,
  resource,
  select,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { breakDownTime } from './time-breakdown.ts'
import { readTimeParts, timePartNames } from './time-parts.ts'

/** The server span of the base request lasts from 1 to 9 ms. */
function read(...changed: readonly Span[]) {
  return readTimeParts(buildTrace(withSpans(...changed)), 10)?.parts
}

describe('the time of a request', () => {
  test('is taken apart by what the spans say', () => {
    // CONNECT 2–3 ms, SELECT 4–8 ms with its connection at 5 ms.
    expect(read()).toEqual({ network: 2, server: 3, wait: 1, connect: 1, database: 3 })
  })

  test('a connection that is opened within a statement is not waited for twice', () => {
    const inside = {
      ...connect,
      parentSpanId: select.spanId,
      startNanos: 4_200_000n,
      endNanos: 4_900_000n,
    }
    expect(read(inside)).toMatchObject({ wait: 0.3, connect: 0.7, database: 3 })
  })

  test('statements side by side count once', () => {
    const other = createSpan({ ...select, spanId: '00000000000000b7', events: [] })
    expect(read(other)).toMatchObject({ database: 4, wait: 0 })
  })

  test('a statement without the event is all work', () => {
    expect(read({ ...select, events: [] })).toMatchObject({ wait: 0, database: 4 })
  })

  test('with PostgreSQL stopped went into the attempt to connect, not into the database', () => {
    const attempt = { ...connect, startNanos: 2_000_000n, endNanos: 8_000_000n }
    const failed = {
      ...select,
      startNanos: 2_000_000n,
      endNanos: 8_000_000n,
      events: [],
      status: { code: 2, message: '' },
    }
    expect(read(attempt, failed)).toMatchObject({ wait: 0, connect: 6, database: 0 })
    expect(read(attempt, { ...failed, endNanos: 8_500_000n })).toMatchObject({ wait: 0.5 })
  })

  test('what reaches beyond the server span does not count', () => {
    expect(read({ ...select, endNanos: 20_000_000n })).toMatchObject({ database: 4, server: 2 })
  })

  test('a trace without a server span tells nothing', () => {
    const trace = buildTrace({ ...request, spans: [connect] })
    expect(readTimeParts(trace, 10)).toBeNull()
  })

  test('the parts add up to what the client saw, whatever the spans are', () => {
    const times = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }))
    const span = fc
      .tuple(times, fc.boolean(), fc.boolean())
      .map(([[start, length], isConnect, hasEvent]): Span => {
        const own = isConnect ? connect : select
        const startNanos = BigInt(start) * 1_000_000n
        const endNanos = startNanos + BigInt(length) * 1_000_000n
        return {
          ...own,
          startNanos,
          endNanos,
          events: own.events
            .map((event) => ({ ...event, timeNanos: startNanos + 500_000n }))
            .slice(hasEvent ? 0 : 1),
        }
      })
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
        const own = spans.map((one, index) => ({ ...one, spanId: `00000000000000c${index}` }))
        const parts = readTimeParts(buildTrace({ ...request, spans: [server, ...own] }), 10)?.parts
        const sum = timePartNames.reduce((total, name) => total + (parts?.[name] ?? 0), 0)
        expect(sum).toBeCloseTo(10, 9)
        expect(
          Math.min(parts?.server ?? -1, parts?.database ?? -1, parts?.wait ?? -1),
        ).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('a breakdown', () => {
  const clocked = (clock: string, clientMillis: number) => {
    const trace = buildTrace({
      ...request,
      resource: change(resource, { 'hono.runtime.clock': clock }),
    })
    const read = readTimeParts(trace, clientMillis)
    return read && { clientMillis, ...read }
  }

  test('is of the middle half, and its parts add up', () => {
    const breakdown = breakDownTime(
      [9, 10, 11, 12, 500].map((millis) => clocked('precise', millis)),
    )
    expect(breakdown).toMatchObject({ count: 3, clock: 'precise', clientMillis: 11 })
    expect(breakdown?.parts).toEqual({ network: 3, server: 3, wait: 1, connect: 1, database: 3 })
    expect(breakdown?.byRound.map((request) => request?.clientMillis ?? null)).toEqual([
      null,
      10,
      11,
      12,
      null,
    ])
  })

  test('is as trustworthy as the worst clock in it', () => {
    expect(breakDownTime([clocked('precise', 9), clocked('io-only', 9)])?.clock).toBe('io-only')
  })

  test('skips rounds without a trace, and of none there is none', () => {
    expect(breakDownTime([null, clocked('precise', 9)])?.count).toBe(1)
    expect(breakDownTime([null])).toBeNull()
  })
})
