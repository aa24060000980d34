import { invertKnown } from '../../../comparison/differences/invert-known.ts'
import type { KnownDifference } from '../../../comparison/differences/known-differences.ts'
import { type Asked, ask, fromJson } from '../state/asking/ask.ts'
import { orNull, readList, readObject, readText } from '../state/asking/json.ts'

/** Differences between runtimes that were declared where the collector was started. */
export type Declared = {
  /** The runtime that they are about: others differ from it in them. */
  readonly reference: string
  readonly known: readonly KnownDifference[]
}

/** Asks the collector for the declared differences; the list is empty if it was started without any. */
export function fetchDeclared(signal: AbortSignal): Promise<Asked<Declared>> {
  return ask('/api/known-differences', fromJson(readDeclared), signal)
}

/** @throws UnexpectedAnswer that names the field. */
export function readDeclared(value: unknown): Declared {
  const answer = readObject(value, 'answer')
  return {
    reference: orNull(readText)(answer.reference, 'reference') ?? '',
    known: readList(answer.known, 'known', (item, where) => {
      const own = readObject(item, where)
      const matches = readObject(own.matches, `${where}.matches`)
      const read = (name: string) => orNull(readText)(matches[name], `${where}.matches.${name}`)
      const [operation, path, subject] = [read('operation'), read('path'), read('subject')]
      return {
        runtime: readText(own.runtime, `${where}.runtime`),
        reason: readText(own.reason, `${where}.reason`),
        matches: {
          kind: readText(matches.kind, `${where}.matches.kind`),
          ...(operation === null ? {} : { operation }),
          ...(path === null ? {} : { path }),
          ...(subject === null ? {} : { subject }),
        },
      }
    }),
  }
}

/**
 * Known differences of a lane and its reference: the lane's runtime's declarations, and, for another reference than the
 * usual one, that runtime's declarations inverted.
 */
export function listKnown(
  { reference: usual, known }: Declared,
  lane: { readonly name: string; readonly runtime: string },
  referenceRuntime: string,
): readonly KnownDifference[] {
  if (lane.runtime === referenceRuntime) return []
  const of = (runtime: string) => known.filter((one) => one.runtime === runtime)
  const own = of(lane.runtime).map((one) => ({ ...one, runtime: lane.name }))
  if (usual === '' || referenceRuntime === usual) return own
  return [...own, ...invertKnown(of(referenceRuntime), lane.name)]
}
