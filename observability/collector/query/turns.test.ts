import { expect, test } from 'vitest'
import { createTurns, type Steps } from './turns.ts'

/** Takes so many turns: whatever it does between two of them is longer than one may be. */
function* workFor(turnCount: number, onDone: () => void): Steps<number> {
  for (let turn = 0; turn < turnCount; turn += 1) {
    for (const untilMillis = performance.now() + 11; performance.now() < untilMillis; ) {}
    yield
  }
  onDone()
  return turnCount
}

const always = () => true

test('what is short does not wait for the end of what is long', async () => {
  const turns = createTurns(10)
  const order: string[] = []
  const long = turns.run(
    workFor(10, () => order.push('long')),
    always,
  )
  const short = turns.run(
    workFor(0, () => order.push('short')),
    always,
  )
  expect(await Promise.all([long, short])).toEqual([10, 0])
  expect(order).toEqual(['short', 'long'])
})

test('what fails is told to whoever asked for it, and what nobody wants is given up', async () => {
  const turns = createTurns(3)
  // biome-ignore lint/correctness/useYield: it fails before anything else.
  const failing = (function* (): Steps<never> {
    throw new Error('no luck')
  })()
  let isWanted = true
  const unwanted = turns.run(workFor(1_000_000, always), () => isWanted)
  const last = turns.run(
    workFor(0, () => {
      isWanted = false
    }),
    always,
  )
  await expect(turns.run(failing, always)).rejects.toThrow('no luck')
  expect(await unwanted).toBeUndefined()
  expect(await last).toBe(0)
})

test('of what is long only so much is under way, and as soon as it is done there is room', async () => {
  const turns = createTurns(1)
  const first = turns.run(workFor(20, always), always)
  await expect(turns.run(workFor(20, always), always)).rejects.toMatchObject({ status: 503 })
  expect(await turns.run(workFor(0, always), always)).toBe(0)
  expect(await first).toBe(20)
  expect(await turns.run(workFor(20, always), always)).toBe(20)
})
