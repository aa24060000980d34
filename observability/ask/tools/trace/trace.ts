import { clockMarks, readClockTrust, renderMillis } from '../../../comparison/trace/clock-trust.ts'
import type { SpanNode, TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { readAttribute } from '../../../otlp/model.ts'
import { readTree } from '../../read-traces.ts'
import { fitLines } from '../../text/fit-lines.ts'
import { nameSender } from '../../text/name-sender.ts'
import { quote } from '../../text/quote.ts'
import { runArgument, traceIdArgument } from '../arguments.ts'
import { defineTool } from '../define-tool.ts'
import { type OutlineStep, outlineSteps } from './outline-steps.ts'
import { renderFailure } from './render-failure.ts'
import { listFailedSpans, listSpanNodes, readSpanMillis } from './span-nodes.ts'

const stepsMax = 60
/** Of the name of a step; spans shows all of it. */
const nameCharsMax = 50
const rootsMax = 3
const failuresMax = 10
const bytesMax = 7_900
/** As often one step is taken under one parent, it may be a loop that one question could replace. */
const repeatsMin = 5
/** Of that depth a line is indented; what is deeper says so by a number. */
const indentMax = 12

/** One trace, from the top down. */
export const trace = defineTool({
  name: 'trace',
  title: 'Outline of a trace',
  description:
    'Outlines one trace: steps from the top down with how often, how long and their own time in ms, then what stands out: failures, cold starts, repeated steps, missing parents. ' +
    'Ask spans for the attributes of some of its spans, and critical_path for what decided its duration.',
  input: { traceId: traceIdArgument, run: runArgument },
  async answer(collector, given) {
    const tree = await readTree(collector, given)
    const nodes = listSpanNodes(tree)
    const { steps, leftOut } = outlineSteps(tree, stepsMax)
    const failures = listFailedSpans(nodes).map((node) => ({
      spanId: node.span.spanId,
      name: node.span.name,
      reason: renderFailure(node),
    }))
    const data = {
      traceId: given.traceId.toLowerCase(),
      spans: tree.spanCount,
      logRecords: countLogs(tree, nodes),
      roots: tree.roots.slice(0, rootsMax).map(({ span }) => ({
        spanId: span.spanId,
        name: span.name,
        durationMillis: readSpanMillis(span),
      })),
      steps,
      stepsLeftOut: leftOut,
      failures: failures.slice(0, failuresMax),
      failuresLeftOut: Math.max(0, failures.length - failuresMax),
    }
    const standsOut = [
      ...data.failures.map(
        ({ spanId, name, reason }) => `failed: ${spanId} ${quote(name)}: ${reason}`,
      ),
      ...(data.failuresLeftOut > 0 ? [`and ${data.failuresLeftOut} more failed`] : []),
      ...describeColdStarts(nodes),
      ...describeRepeats(steps),
      ...describeBroken(nodes, tree.roots),
    ]
    return {
      data,
      text: fitLines(
        [
          `trace ${data.traceId}: ${data.spans} spans, ${data.logRecords} log records`,
          ...tree.roots.slice(0, rootsMax).map(describeRoot),
          ...(standsOut.length === 0 ? ['nothing stands out'] : standsOut),
          'steps, each with its own time and the id of its longest span:',
          ...steps.map(renderStep),
          ...(leftOut > 0
            ? [`and ${leftOut} shorter steps; ask spans with where for some of them`]
            : []),
        ],
        bytesMax,
        'ask spans with where for some of them',
      ),
      outcome: 'found',
    }
  },
})

function countLogs({ looseLogs }: TraceTree, nodes: readonly SpanNode[]): number {
  return looseLogs.length + nodes.reduce((sum, { logs }) => sum + logs.length, 0)
}

function describeRoot({ span, resource }: SpanNode): string {
  const { meaning } = clockMarks[readClockTrust(resource.attributes)]
  const clock = meaning === '' ? '' : `; ${meaning}`
  return `root ${span.spanId} ${quote(span.name)} of ${nameSender(resource)}, ${renderMillis(readSpanMillis(span))}${clock}`
}

function renderStep({ name, sender, depth, spans, ...step }: OutlineStep): string {
  const indent =
    depth > indentMax ? `${'  '.repeat(indentMax)}(depth ${depth}) ` : '  '.repeat(depth)
  const times = spans === 1 ? '' : ` × ${spans}, longest`
  const whose = sender === null ? '' : ` of ${sender}`
  return `${indent}${quote(name, nameCharsMax)}${whose}${times} ${renderMillis(step.longestMillis)}, own ${renderMillis(step.selfMillis)} ${step.longestSpanId}`
}

function describeColdStarts(nodes: readonly SpanNode[]): readonly string[] {
  return nodes
    .filter(({ span }) => readAttribute(span.attributes, 'faas.coldstart') === true)
    .map(({ span }) => `cold start: ${span.spanId} is the first request of its instance`)
    .slice(0, failuresMax)
}

function describeRepeats(steps: readonly OutlineStep[]): readonly string[] {
  return steps
    .filter(({ spans }) => spans >= repeatsMin)
    .slice(0, 5)
    .map(
      ({ name, spans, selfMillis }) =>
        `repeated: ${quote(name)} ${spans} times under one span, ${renderMillis(selfMillis)} in all`,
    )
}

function describeBroken(nodes: readonly SpanNode[], roots: readonly SpanNode[]): readonly string[] {
  const count = (kind: SpanNode['attachment']) =>
    roots.filter(({ attachment }) => attachment === kind).length
  const duplicates = nodes.filter(({ duplicate }) => duplicate).length
  const unended = nodes.filter(({ span }) => span.endNanos < span.startNanos).length
  return [
    ...(count('orphan') > 0 ? [`missing: the parents of ${count('orphan')} spans`] : []),
    ...(count('cycle') > 0 ? [`broken: ${count('cycle')} spans are their own ancestors`] : []),
    ...(duplicates > 0 ? [`doubled: ${duplicates} spans came with an id that another has`] : []),
    ...(unended > 0 ? [`impossible: ${unended} spans end before they start`] : []),
  ]
}
