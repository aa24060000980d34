/** Random numbers that a seed fixes, so that a run can be told and repeated. */
export type SeededRandom = {
  /** Uniform over 0 ≤ x < 1, in steps of 2⁻³². */
  next(): number
  /** Uniform over the whole numbers 0 ≤ x < `below`; `below` is at most 2³². */
  nextInt(below: number): number
  /** How long until the next of events that come by chance, one per `mean` on average; 0 or more. */
  nextGap(mean: number): number
  /** The same items in another order; every order is as likely. */
  shuffle<T>(items: readonly T[]): readonly T[]
}

/** Seeds are whole numbers from 0 to this. */
export const seedMax = 0xffff_ffff

/**
 * A generator by Chris Doty-Humphrey's sfc32 (PractRand): 128 bits of state, passes that suite and
 * BigCrush. Not for secrets.
 *
 * @throws When the seed is not a whole number from 0 to `seedMax`.
 */
export function createSeededRandom(seed: number): SeededRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed > seedMax) {
    throw new Error(`seed: expected a whole number from 0 to ${seedMax}, got ${seed}`)
  }
  let [a, b, c, counter] = [seed | 0, 0, 0, 1]

  function nextBits(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  // The seed is spread over the whole state before the first number is used.
  for (let round = 0; round < 16; round += 1) nextBits()

  const next = () => nextBits() / 0x1_0000_0000
  const nextInt = (below: number) => Math.floor(next() * below)
  return {
    next,
    nextInt,
    nextGap: (mean) => -Math.log(1 - next()) * mean,
    shuffle(items) {
      const shuffled = [...items]
      // Fisher and Yates, from the end: each place takes one of those that are left.
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const [taken] = shuffled.splice(nextInt(last + 1), 1)
        if (taken !== undefined) shuffled.push(taken)
      }
      return shuffled
    },
  }
}
