import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createNumberQueue } from '../testing/number-queue.ts'
import { createDrain } from './drain.ts'
import { createTimedDrain, type TimedDrain } from './timed-drain.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Setup = {
  readonly drain: TimedDrain<number>
  /** How often the timer had it drain. */
  readonly rounds: () => number
  /** When each batch was sent, in milliseconds from the start, and how many were in it. */
  readonly sent: [millis: number, items: number][]
  fail(error: Error | undefined): void
}

function setUp(options: { delayMillis?: number; sendMillis?: number } = {}): Setup {
  const start = Date.now()
  const sent: [number, number][] = []
  let failure: Error | undefined
  const inner = createDrain({
    async send(batch) {
      sent.push([Date.now() - start, batch.size])
      if (options.sendMillis !== undefined)
        await new Promise((resolve) => setTimeout(resolve, options.sendMillis))
      if (failure !== undefined) throw failure
    },
    isRetryable: () => true,
    queue: createNumberQueue({ queueMax: 20, batchMax: 5 }),
    batchMax: 5,
    drainMillisMax: 3000,
    onOutage: () => {},
    onRecovery: () => {},
    now: () => Date.now(),
  })
  let rounds = 0
  const counted = Object.assign(Object.create(inner), {
    drain(force?: boolean) {
      rounds += 1
      return inner.drain(force)
    },
  })
  const drain = createTimedDrain<number>(counted, {
    delayMillis: options.delayMillis ?? 100,
    batchMax: 5,
  })
  return {
    drain,
    sent,
    rounds: () => rounds,
    fail(error) {
      failure = error
    },
  }
}

function push(drain: TimedDrain<number>, count: number): void {
  for (let i = 0; i < count; i++) drain.push(i)
}

describe('a drain with a timer', () => {
  test('sends a while after the first item came', async () => {
    const { drain, sent } = setUp()
    push(drain, 1)
    await vi.advanceTimersByTimeAsync(60)
    push(drain, 1)
    await vi.advanceTimersByTimeAsync(200)
    expect(sent).toEqual([[100, 2]])
  })

  test('sends at once when a batch is full', async () => {
    const { drain, sent } = setUp()
    push(drain, 5)
    await vi.advanceTimersByTimeAsync(1)
    expect(sent).toEqual([[0, 5]])
  })

  test('has no timer while there is nothing to send', async () => {
    const { drain } = setUp()
    expect(vi.getTimerCount()).toBe(0)
    push(drain, 1)
    await vi.advanceTimersByTimeAsync(500)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('runs one round at a time, and another for what came meanwhile', async () => {
    const { drain, sent } = setUp({ sendMillis: 50 })
    push(drain, 5)
    await vi.advanceTimersByTimeAsync(10)
    push(drain, 2)
    await vi.advanceTimersByTimeAsync(500)
    expect(sent).toEqual([
      [0, 5],
      [150, 2],
    ])
  })

  test('does not wait for company with a batch that filled during a round', async () => {
    const { drain, sent } = setUp({ sendMillis: 50 })
    push(drain, 5)
    await vi.advanceTimersByTimeAsync(10)
    push(drain, 6)
    await vi.advanceTimersByTimeAsync(45)
    expect(sent).toEqual([
      [0, 5],
      [51, 5],
    ])
  })

  test('after a failure sleeps as long as the drain holds back, even with no delay of its own', async () => {
    const { drain, sent, rounds, fail } = setUp({ delayMillis: 0 })
    fail(new Error('down'))
    push(drain, 1)
    await vi.advanceTimersByTimeAsync(3600)
    expect(sent.map(([millis]) => millis)).toEqual([0, 500, 1500, 3500])
    expect(rounds()).toBe(4)
    fail(undefined)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveLength(5)
    expect(drain.size).toBe(0)
  })

  test('once stopped, begins nothing more, and its stop waits for the round under way', async () => {
    const { drain, sent } = setUp({ sendMillis: 50 })
    push(drain, 5)
    await vi.advanceTimersByTimeAsync(10)
    let isStopped = false
    const stopping = drain.stop().then(() => {
      isStopped = true
    })
    push(drain, 7)
    await vi.advanceTimersByTimeAsync(30)
    expect(isStopped).toBe(false)
    await vi.advanceTimersByTimeAsync(1000)
    await stopping
    expect(sent).toEqual([[0, 5]])
    expect(drain.size).toBe(7)
    const last = drain.drain(true)
    await vi.advanceTimersByTimeAsync(1000)
    await last
    expect(drain.size).toBe(0)
  })

  test('what failed on the way while it was stopped is there for the last drain', async () => {
    const { drain, fail } = setUp({ sendMillis: 50 })
    fail(new Error('down'))
    push(drain, 5)
    await vi.advanceTimersByTimeAsync(10)
    const stopping = drain.stop()
    await vi.advanceTimersByTimeAsync(100)
    await stopping
    expect(drain.size).toBe(5)
    expect(vi.getTimerCount()).toBe(0)
  })
})
