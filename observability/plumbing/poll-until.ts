import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks again and again until it is so, or the time is over.
 *
 * @returns Whether it became so.
 */
export async function pollUntil(
  isSo: () => boolean | Promise<boolean>,
  millisMax: number,
  everyMillis = 25,
): Promise<boolean> {
  for (const end = performance.now() + millisMax; !(await isSo()); await delay(everyMillis))
    if (performance.now() > end) return false
  return true
}
