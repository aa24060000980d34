import type { DeclaredDifferences } from '../../../observability/driver/find-known.ts'
import { runtimes } from '../../runtimes.ts'
import { describeLocal } from '../describe-local.ts'

/**
 * What the runtimes declare, each against the first of them.
 *
 * @param mayBeAbsent Names of targets whose declared differences need not occur.
 */
export function listDeclared(mayBeAbsent: readonly string[]): DeclaredDifferences {
  return {
    byRuntime: new Map(
      runtimes.map((runtime) => {
        const { declaredIn } = describeLocal(runtime)
        const known = runtime.knownDifferences.map((one) => ({ ...one, declaredIn }))
        return [runtime.name, known]
      }),
    ),
    against: runtimes[0]?.name ?? null,
    mayBeAbsent,
  }
}
