import type { Runtime } from '../runtime.ts'

/** What a report says of a runtime that runs on this machine. */
export function describeLocal({ name, emulation }: Runtime) {
  return { emulation, declaredIn: `runtimes/${name}/runtime.ts` }
}
