import { readOverview } from '../../overview/overview-answer.ts'
import { type Parameters, readParameter, readParameters } from '../../state/address.ts'
import { type Asked, ask, fromJson } from '../../state/asking/ask.ts'
import { readTimes } from '../../state/read-times.ts'

/** An operation, and how many requests of it each group has: each runtime, run, or value of an attribute. */
export type OperationChoice = {
  readonly operation: string
  readonly groups: readonly { readonly name: string; readonly calls: number }[]
}

export async function fetchChoices(
  parameters: Parameters,
  signal: AbortSignal,
): Promise<Asked<readonly OperationChoice[]>> {
  const between = readParameters(parameters, 'between')
  const by = readParameter(parameters, 'by') || 'runtime'
  const query = new URLSearchParams({ buckets: '2', by, ...readTimes(parameters, Date.now()) })
  const fetchOverview = (ofRun: string) =>
    ask(`/api/overview?${query}${ofRun}`, fromJson(readOverview), signal)
  const answers = await Promise.all(
    between.length === 0
      ? [fetchOverview('')]
      : between.map((run) => fetchOverview(`&run=${encodeURIComponent(run)}`)),
  )
  const calls = new Map<string, Map<string, number>>()
  for (const [index, answer] of answers.entries()) {
    if (answer.kind !== 'answer') return answer
    for (const one of answer.value.operations) {
      const name = between[index] ?? one.group
      const own = calls.get(one.operation) ?? new Map<string, number>()
      calls.set(one.operation, own)
      if (name !== null) own.set(name, (own.get(name) ?? 0) + one.calls)
    }
  }
  const value = [...calls].map(([operation, groups]) => ({
    operation,
    groups: [...groups]
      .map(([name, count]) => ({ name, calls: count }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }))
  return { kind: 'answer', value }
}
