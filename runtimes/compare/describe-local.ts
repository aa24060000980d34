import type { Runtime } from '../runtime.ts'

/**
 * What a report says of a runtime that runs on this machine.
 *
 * @param isOwnApp Of an app that `--app` names: what it does differently is not for this repository to declare.
 */
export function describeLocal({ name, emulation }: Runtime, isOwnApp = false) {
  const declaredIn = isOwnApp
    ? '`known` of its scenario (a status of 400 or more: in `expects` of the operation)'
    : `runtimes/${name}/runtime.ts`
  return { emulation, declaredIn }
}
