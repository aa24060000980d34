import type { StoredRequest } from '../../driver/stored/group-requests.ts'
import { quote } from '../text/quote.ts'
import { renderFailure } from '../tools/trace/render-failure.ts'
import { listFailedSpans, listSpanNodes } from '../tools/trace/span-nodes.ts'
import type { Finding } from './finding.ts'

const reasonsMax = 6
const examplesMax = 3

/** Evidence for what fails more often: how it ends, where the error begins and why, and examples. */
export function explainFailure(
  groups: ReadonlyMap<string, readonly StoredRequest[]>,
  { operations: [route = ''], group }: Finding,
): readonly string[] {
  const requests = (groups.get(group) ?? []).filter((one) => one.route === route)
  const failed = requests.filter(({ isFailure }) => isFailure)
  const endings = countBy(requests.map(({ operation }) => operation))
  const reasons = countBy(
    failed.flatMap(({ trace }) =>
      listFailedSpans(listSpanNodes(trace)).map(
        (node) => `${quote(node.span.name)}: ${renderFailure(node)}`,
      ),
    ),
  )
  const examples = failed
    .slice(-examplesMax)
    .flatMap(({ trace: { roots } }) => roots.slice(0, 1))
    .map(({ span }) => `  trace ${span.traceId}, span ${span.spanId}`)
  return [
    `how it ends on ${quote(group)}: ${endings.map(([name, count]) => `${quote(name)} ${count}`).join(', ')}`,
    'where errors begin, and why:',
    ...(reasons.length === 0 ? ['  no span says; ask logs with the trace ids below'] : []),
    ...reasons.slice(0, reasonsMax).map(([reason, count]) => `  ${count} × ${reason}`),
    'examples:',
    ...examples,
  ]
}

/** The most frequent first. */
function countBy(names: readonly string[]): readonly (readonly [string, number])[] {
  return [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => [name, all.length] as const)
    .sort(([, a], [, b]) => b - a)
}
