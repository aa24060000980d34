import { readCriticalPath } from '../../../comparison/latency/critical-path.ts'
import { readTimeParts } from '../../../comparison/latency/time-parts.ts'
import { renderMillis } from '../../../comparison/trace/clock-trust.ts'
import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { readTree } from '../../read-traces.ts'
import { fitLines } from '../../text/fit-lines.ts'
import { nameSender } from '../../text/name-sender.ts'
import { quote } from '../../text/quote.ts'
import { renderTimeParts } from '../../text/render-time-parts.ts'
import { runArgument, traceIdArgument } from '../arguments.ts'
import { defineTool } from '../define-tool.ts'

const namesMax = 10
const stretchesMax = 30
const bytesMax = 4_000

/** What decided when a trace ended. */
export const criticalPath = defineTool({
  name: 'critical_path',
  title: 'What decided the duration of a trace',
  description:
    'Says which spans a trace waited for, one after the other, in ms and percent: only if one of these gets faster does the trace. ' +
    'Also divides the time of its server into the database, waiting for a connection, connecting, and all else.',
  input: { traceId: traceIdArgument, run: runArgument },
  async answer(collector, given) {
    const data = readPath(await readTree(collector, given))
    return {
      data,
      text: renderPath(data),
      outcome: data.spans.length === 0 ? 'nothing' : 'found',
    }
  },
})

type Path = ReturnType<typeof readPath>

function readPath(tree: TraceTree) {
  const stretches = readCriticalPath(tree)
  const [first] = stretches
  const last = stretches.at(-1)
  const totalMillis = first && last ? Number(last.endNanos - first.startNanos) / 1e6 : 0
  const spans = [...Map.groupBy(stretches, ({ node }) => node)].map(
    ([{ span, resource }, own]) => ({
      spanId: span.spanId,
      name: span.name,
      sender: nameSender(resource),
      startMillis: Number((own[0]?.startNanos ?? 0n) - (first?.startNanos ?? 0n)) / 1e6,
      millis: own.reduce((sum, one) => sum + Number(one.endNanos - one.startNanos) / 1e6, 0),
    }),
  )
  const parts = readTimeParts(tree, 0)?.parts ?? null
  return { totalMillis, parts, spans }
}

function renderPath({ totalMillis, parts, spans }: Path): string {
  if (spans.length === 0)
    return 'no path: no root of this trace took any time; trace shows what there is'
  const byName = [...Map.groupBy(spans, ({ name }) => name)]
    .map(([name, own]) => ({ name, own, millis: own.reduce((sum, one) => sum + one.millis, 0) }))
    .sort((a, b) => b.millis - a.millis)
  const percent = (millis: number) => `${Math.round((millis / totalMillis) * 100)} %`
  return fitLines(
    [
      `${renderMillis(totalMillis)} from start to end of the root`,
      ...(parts === null ? [] : [`of its server: ${renderTimeParts(parts)}`]),
      'by name, the most first:',
      ...byName
        .slice(0, namesMax)
        .map(
          ({ name, own, millis }) =>
            `  ${quote(name)}: ${renderMillis(millis)}, ${percent(millis)}${own.length > 1 ? `, in ${own.length} spans` : ''}`,
        ),
      ...(byName.length > namesMax ? [`  and ${byName.length - namesMax} more names`] : []),
      'in order of time, with how long each was waited for:',
      ...spans
        .slice(0, stretchesMax)
        .map(({ spanId, name, sender, startMillis, millis }, index) => {
          const whose = sender === spans[index - 1]?.sender ? '' : ` of ${sender}`
          return `  at ${renderMillis(startMillis)}: ${quote(name, 80)}${whose} ${renderMillis(millis)} ${spanId}`
        }),
      ...(spans.length > stretchesMax ? [`  and ${spans.length - stretchesMax} more spans`] : []),
    ],
    bytesMax,
    'the list by name has the longest',
  )
}
