import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNumberQueue, readNumbers } from '../testing/number-queue.ts'
import type { Batch } from './batch.ts'
import { createDrain, type Drain, type DrainOptions } from './drain.ts'

class Refused extends Error {}

type Setup = {
  readonly drain: Drain<number>
  readonly sent: number[][]
  /** What was told, in order. */
  readonly news: string[]
  /** What sending does from now on: nothing, or throw. */
  fail(error: Error | undefined): void
  advance(millis: number): void
}

function setUp(options: Partial<DrainOptions<number, Batch>> = {}): Setup {
  const sent: number[][] = []
  const news: string[] = []
  let failure: Error | undefined
  let millis = 1000
  const drain = createDrain({
    queue: createNumberQueue({ queueMax: 10, batchMax: 3 }),
    async send(batch) {
      if (failure !== undefined) throw failure
      sent.push(readNumbers(batch))
    },
    isRetryable: (error) => !(error instanceof Refused),
    batchMax: 3,
    drainMillisMax: 1000,
    onOutage: (error) => news.push(`outage: ${error instanceof Error ? error.message : error}`),
    onRecovery: (dropped) => news.push(`recovery: ${dropped} lost`),
    now: () => millis,
    ...options,
  })
  return {
    drain,
    sent,
    news,
    fail(error) {
      failure = error
    },
    advance(by) {
      millis += by
    },
  }
}

function push(drain: Drain<number>, from: number, to: number): void {
  for (let item = from; item <= to; item++) drain.push(item)
}

describe('a drain', () => {
  test('sends what waits in order, in batches', async () => {
    const { drain, sent } = setUp()
    push(drain, 1, 7)
    await drain.drain()
    expect(sent).toEqual([[1, 2, 3], [4, 5, 6], [7]])
    expect(drain.size).toBe(0)
  })

  test('keeps as much as fits, and has the room again when that was sent', async () => {
    const { drain, sent, fail } = setUp({
      queue: createNumberQueue({
        queueMax: 10,
        batchMax: 3,
        sizeOf: (item) => item,
        queueBytesMax: 10,
      }),
    })
    push(drain, 3, 5) // 3 and 4 fit, 5 does not
    drain.push(1)
    expect([drain.size, drain.dropped]).toEqual([3, 1])
    fail(new Error('down'))
    await drain.drain(true)
    expect([drain.size, drain.dropped]).toEqual([3, 1])
    fail(undefined)
    await drain.drain(true)
    push(drain, 4, 6)
    await drain.drain(true)
    expect(sent).toEqual([
      [3, 4, 1],
      [4, 5],
    ])
  })

  test('of nothing sends nothing', async () => {
    const { drain, sent } = setUp()
    await drain.drain()
    await drain.drain(true)
    expect(sent).toEqual([])
  })

  test('leaves what arrives meanwhile to the next', async () => {
    const { drain, sent } = setUp({
      async send(batch) {
        sent.push(readNumbers(batch))
        drain.push(100 + sent.length)
      },
    })
    push(drain, 1, 4)
    await drain.drain()
    expect(sent).toEqual([[1, 2, 3], [4]])
    expect(drain.size).toBe(2)
  })

  test('begins no further batch when its time is over', async () => {
    const { drain, sent, advance } = setUp({
      async send(batch) {
        sent.push(readNumbers(batch))
        advance(600)
      },
    })
    push(drain, 1, 9)
    await drain.drain()
    expect(sent).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(drain.size).toBe(3)
  })
})

describe('a full queue', () => {
  test('drops what comes on top, and says how much when something got through after a failure', async () => {
    const { drain, sent, news, fail, advance } = setUp()
    push(drain, 1, 14)
    expect([drain.size, drain.dropped]).toEqual([10, 4])
    fail(new Error('down'))
    await drain.drain()
    fail(undefined)
    advance(500)
    await drain.drain()
    expect(sent.flat()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(news).toEqual(['outage: down', 'recovery: 4 lost'])
    expect(drain.dropped).toBe(0)
  })

  test('has no room for a batch that comes back: the newest of it is dropped', async () => {
    const { drain } = setUp({
      async send() {
        push(drain, 101, 109)
        throw new Error('down')
      },
    })
    push(drain, 1, 3)
    await drain.drain()
    expect([drain.size, drain.dropped]).toEqual([10, 2])
  })
})

describe('a failure', () => {
  test('keeps what can be sent again, in its place', async () => {
    const { drain, sent, fail, advance } = setUp()
    push(drain, 1, 5)
    fail(new Error('down'))
    await drain.drain()
    push(drain, 6, 7)
    fail(undefined)
    advance(500)
    await drain.drain()
    expect(sent).toEqual([[1, 2, 3], [4, 5, 6], [7]])
  })

  test('drops what was refused, and only that', async () => {
    const { drain, sent, news, fail, advance } = setUp()
    push(drain, 1, 5)
    fail(new Refused('bad'))
    await drain.drain()
    expect([drain.size, drain.dropped]).toEqual([2, 3])
    fail(undefined)
    advance(500)
    await drain.drain()
    expect(sent).toEqual([[4, 5]])
    expect(news).toEqual(['outage: bad', 'recovery: 3 lost'])
  })

  test('ends the drain: the rest is not tried against a receiver that is down', async () => {
    let attempts = 0
    const { drain } = setUp({
      async send() {
        attempts += 1
        throw new Error('down')
      },
    })
    push(drain, 1, 9)
    await drain.drain()
    expect(attempts).toBe(1)
  })

  test('is waited out twice as long each time, up to 30 s', async () => {
    const { drain, fail, advance } = setUp()
    fail(new Error('down'))
    push(drain, 1, 1)
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      await drain.drain()
      waits.push(drain.heldMillis)
      advance(drain.heldMillis)
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  test('holds back every drain but a forced one', async () => {
    const { drain, sent, fail, advance } = setUp()
    push(drain, 1, 1)
    fail(new Error('down'))
    await drain.drain()
    fail(undefined)
    advance(499)
    await drain.drain()
    expect(sent).toEqual([])
    await drain.drain(true)
    expect(sent).toEqual([[1]])
    expect(drain.heldMillis).toBe(0)
  })

  test('of several drains at once counts as one', async () => {
    const { drain, news, fail } = setUp()
    push(drain, 1, 9)
    fail(new Error('down'))
    await Promise.all([drain.drain(), drain.drain(), drain.drain()])
    expect(news).toEqual(['outage: down'])
    expect(drain.heldMillis).toBe(500)
    expect(drain.size).toBe(9)
  })

  test('is told once for an outage, however long', async () => {
    const { drain, news, fail, advance } = setUp()
    push(drain, 1, 3)
    fail(new Error('down'))
    for (let i = 0; i < 5; i++) {
      await drain.drain()
      advance(60_000)
    }
    fail(undefined)
    await drain.drain()
    push(drain, 4, 6)
    await drain.drain()
    expect(news).toEqual(['outage: down', 'recovery: 0 lost'])
  })
})

/** What may happen to a drain, in any order. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), count: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drain' as const), force: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which: fc.nat(9),
      how: fc.constantFrom('arrived', 'down', 'refused'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), millis: fc.nat(40_000) }) },
)

test('drains that overlap lose nothing, send nothing twice and keep their bounds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const underWay: { batch: readonly number[]; settle: (error?: Error) => void }[] = []
      const arrived: number[] = []
      let refused = 0
      let told = 0
      let millis = 0
      let pushed = 0
      const drain = createDrain({
        queue: createNumberQueue({ queueMax: 12, batchMax: 4 }),
        send: (batch: Batch) =>
          new Promise((resolve, reject) => {
            underWay.push({
              batch: readNumbers(batch),
              settle: (error) => (error ? reject(error) : resolve()),
            })
          }),
        isRetryable: (error) => !(error instanceof Refused),
        batchMax: 4,
        drainMillisMax: 1000,
        onOutage: () => {},
        onRecovery: (dropped) => {
          told += dropped
        },
        now: () => millis,
      })
      const drains: Promise<void>[] = []

      async function settle(which: number, how: string): Promise<void> {
        const [sending] = underWay.splice(which % Math.max(1, underWay.length), 1)
        if (sending === undefined) return
        if (how === 'arrived') arrived.push(...sending.batch)
        if (how === 'refused') refused += sending.batch.length
        sending.settle(
          how === 'arrived' ? undefined : how === 'down' ? new Error('down') : new Refused('bad'),
        )
        await new Promise((resolve) => setImmediate(resolve))
      }

      for (const next of steps) {
        if (next.do === 'push') {
          push(drain, pushed + 1, pushed + next.count)
          pushed += next.count
        }
        if (next.do === 'drain') drains.push(drain.drain(next.force))
        if (next.do === 'settle') await settle(next.which, next.how)
        if (next.do === 'wait') millis += next.millis
        for (const { batch } of underWay) expect(batch.length).toBeLessThanOrEqual(4)
        expect(drain.size).toBeLessThanOrEqual(12)

        // Everything that came is somewhere, once.
        const moving = underWay.flatMap(({ batch }) => batch).length
        expect(arrived.length + moving + drain.size + drain.dropped + told).toBe(pushed)
        expect(new Set(arrived).size).toBe(arrived.length)
        expect(drain.dropped + told).toBeGreaterThanOrEqual(refused)
      }

      // And every drain ends when what it sends has settled.
      while (underWay.length > 0) await settle(0, 'arrived')
      await Promise.all(drains)
    }),
    { numRuns: 300 },
  )
})
