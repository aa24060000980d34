import { launcherOf } from './launchers.ts'
import { MissingRuntimeError } from './processes/start-error.ts'
import type { Runtime } from './runtime.ts'

/**
 * Why a runtime cannot be run on this platform; nothing when it can.
 *
 * @throws MissingRuntimeError under CI, where what is left out would be a test that did not run.
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
