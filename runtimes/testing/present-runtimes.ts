import { readAbsence } from '../launch/read-absence.ts'
import type { Runtime } from '../runtime.ts'
import { runtimes } from '../runtimes.ts'

/** The runtimes that a test can run on this platform, in the order of the list; all of them under CI, or it fails. */
export const presentRuntimes: readonly Runtime[] = runtimes.filter(
  (runtime) => readAbsence(runtime) === undefined,
)
