import type { DeclaredDifferences } from '../../observability/driver/find-known.ts'
import { runtimes } from '../runtimes.ts'

/**
 * What the runtimes declare, each against the first of them.
 *
 * @param mayBeAbsent Names of targets whose declared differences need not occur.
 */
export function listDeclared(mayBeAbsent: readonly string[]): DeclaredDifferences {
  return {
    byRuntime: new Map(runtimes.map(({ name, knownDifferences }) => [name, knownDifferences])),
    against: runtimes[0]?.name ?? null,
    mayBeAbsent,
  }
}
