import type { TraceDocument } from '../../otlp/files/parse-trace-document.ts'
import type { Where } from '../../wire/where/where.ts'
import { groupByAttribute, groupRequests, type StoredRequest } from './group-requests.ts'

/** Groups that are compared; the most frequent. */
const groupsMax = 10

/** Traces that stand for themselves, such as a run or a file. */
export type StoredPart = { readonly name: string; readonly contents: readonly TraceDocument[] }

/**
 * The requests to compare, by group, in the order in which they are shown.
 *
 * @param by An attribute, whose most frequent values over all parts are the groups; `null`: each part is one.
 */
export function nameGroups(
  { by, where }: { readonly by: string | null; readonly where: Where },
  parts: readonly StoredPart[],
): ReadonlyMap<string, readonly StoredRequest[]> {
  if (by === null)
    return new Map(
      parts.map(({ name, contents }) => [
        name,
        groupRequests(contents, { by: () => name, where }).get(name) ?? [],
      ]),
    )
  const all = groupRequests(
    parts.flatMap(({ contents }) => contents),
    { by: groupByAttribute(by), where },
  )
  const frequent = [...all].sort(([, a], [, b]) => b.length - a.length).slice(0, groupsMax)
  return new Map(frequent.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })))
}
