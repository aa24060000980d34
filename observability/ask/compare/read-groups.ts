import type { StoredRequest } from '../../driver/stored/group-requests.ts'
import { nameGroups, type StoredPart } from '../../driver/stored/name-groups.ts'
import type { CollectorQuestions, QuestionParameters } from '../ask-collector.ts'
import { AskError } from '../ask-collector.ts'
import { parseConditions } from '../parse-conditions.ts'
import { readTraces } from '../read-traces.ts'
import type { CompareRequest } from '../tools/compare-arguments.ts'

/** Of one comparison, over all its groups; the newest count. */
export const tracesMax = 2_000

export const byDefault = 'hono.runtime.name'

/** The requests that a comparison is of. */
export type ComparedGroups = {
  readonly groups: ReadonlyMap<string, readonly StoredRequest[]>
  /** The attribute by which they are grouped; `null` for runs, and for before and since. */
  readonly by: string | null
  readonly title: string
  /** Whether there are more traces than were read. */
  readonly isCut: boolean
}

/** @throws AskError when it is asked for in two ways at once. */
export async function readGroups(
  collector: CollectorQuestions,
  request: CompareRequest,
): Promise<ComparedGroups> {
  const { since, runs, where: text = '' } = request
  const given = (['by', 'runs', 'since'] as const).filter((name) => request[name] !== undefined)
  if (given.length > 1)
    throw new AskError(`expected one of by, runs and since, got ${given.join(', ')}`)
  const where = parseConditions(text)
  const wanted = listWanted(request)
  const limit = Math.floor(tracesMax / wanted.length)
  const parts: (StoredPart & { readonly isCut: boolean })[] = []
  // One after the other: each may be large.
  for (const { name, parameters } of wanted) {
    const contents = await readTraces(collector, {
      ...{ where: request.where, start: request.start, end: request.end, run: request.run },
      ...parameters,
      limit,
    })
    const traceCount = contents.filter(({ spans }) => spans.length > 0).length
    parts.push({ name, contents, isCut: traceCount >= limit })
  }
  const by = runs === undefined && since === undefined ? (request.by ?? byDefault) : null
  return {
    groups: nameGroups({ by, where }, parts),
    by,
    title: by === null ? `${wanted.map(({ name }) => name).join(' and ')}` : `by ${by}`,
    isCut: parts.some(({ isCut }) => isCut),
  }
}

function listWanted({
  since,
  runs,
}: CompareRequest): readonly { readonly name: string; readonly parameters: QuestionParameters }[] {
  if (runs !== undefined) return runs.map((run) => ({ name: run, parameters: { run } }))
  if (since === undefined) return [{ name: 'all', parameters: {} }]
  return [
    { name: 'before', parameters: { end: since } },
    { name: 'since', parameters: { start: since } },
  ]
}
