import { MissingRuntimeError } from '../processes/start-error.ts'
import type { Runtime } from '../runtime.ts'
import { launcherOf } from './launchers.ts'

/**
 * The reason why a runtime cannot run on this platform; `undefined` if it can.
 *
 * @throws MissingRuntimeError under CI, where a skipped runtime would be an untested one.
 */
export function readAbsence(runtime: Runtime): string | undefined {
  try {
    launcherOf(runtime).findProgram()
    return undefined
  } catch (error) {
    if (!(error instanceof MissingRuntimeError) || process.env.CI) throw error
    return error.message
  }
}
