import { renderMillis } from '../../../comparison/trace/clock-trust.ts'
import { renderSpanKind } from '../../../comparison/trace/role.ts'
import type { SpanNode } from '../../../comparison/trace/trace-tree.ts'
import { StatusCode } from '../../../otlp/model.ts'
import { querySpan } from '../../../wire/where/query-span.ts'
import { matchesWhere } from '../../../wire/where/where.ts'
import { parseConditions } from '../../parse-conditions.ts'
import { readTree } from '../../read-traces.ts'
import { fitLines } from '../../text/fit-lines.ts'
import { nameSender } from '../../text/name-sender.ts'
import { quote } from '../../text/quote.ts'
import { renderAttributes, toPlainAttributes } from '../../text/render-attributes.ts'
import {
  limitArgument,
  runArgument,
  skipArgument,
  traceIdArgument,
  whereArgument,
} from '../arguments.ts'
import { defineTool } from '../define-tool.ts'
import { renderFailure } from './render-failure.ts'
import { listSpanNodes, readSpanMillis } from './span-nodes.ts'

const bytesMax = 8_000

/** Some spans of a trace, whole. */
export const spans = defineTool({
  name: 'spans',
  title: 'Details of spans',
  description:
    'Shows spans of one trace with kind, status, attributes, events and links: those that fulfil where, such as spanId=00000000000000a1 or name="SELECT todos" or status=error.',
  input: {
    traceId: traceIdArgument,
    where: whereArgument,
    run: runArgument,
    limit: limitArgument(5, 20),
    skip: skipArgument,
  },
  async answer(collector, { limit, skip, where: text, ...given }) {
    const where = parseConditions(text)
    const all = listSpanNodes(await readTree(collector, given))
    const found = all.filter((node) =>
      matchesWhere(where, querySpan(node.span, node.resource.attributes)),
    )
    const shown = found.slice(skip, skip + limit)
    const left = found.length - skip - shown.length
    // The root is the first of all: the same zero for every question about a trace.
    const start = all[0]?.span.startNanos ?? 0n
    return {
      data: { found: found.length, spans: shown.map(toData) },
      text:
        shown.length === 0
          ? `${found.length === 0 ? 'no span matches' : `no more than ${found.length} match`}: trace lists what there is`
          : fitLines(
              [
                // First, for what does not fit is left out at the end.
                ...(left > 0 ? [`${left} more match: skip ${skip + shown.length}`] : []),
                ...shown.flatMap((node) => renderNode(node, start)),
              ],
              bytesMax,
              'ask for fewer by limit, or by where',
            ),
      outcome: shown.length === 0 ? 'nothing' : 'found',
    }
  },
})

function toData({ span, resource, attachment, duplicate, logs }: SpanNode) {
  const { spanId, parentSpanId, name, kind, status, attributes, events, links } = span
  return {
    ...{ spanId, parentSpanId, name, kind: renderSpanKind(kind), attachment, duplicate, status },
    startNanos: String(span.startNanos),
    durationMillis: readSpanMillis(span),
    attributes: toPlainAttributes(attributes),
    resource: toPlainAttributes(resource.attributes),
    events: events.map((event) => ({
      name: event.name,
      offsetMillis: Number(event.timeNanos - span.startNanos) / 1e6,
      attributes: toPlainAttributes(event.attributes),
    })),
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    logRecords: logs.length,
  }
}

const eventsMax = 10

function renderNode(node: SpanNode, start: bigint): readonly string[] {
  const { span, resource, logs } = node
  const isFailed = span.status.code === StatusCode.error
  const parent = span.parentSpanId === '' ? 'no parent' : `parent ${span.parentSpanId}`
  const offset = Number(span.startNanos - start) / 1e6
  return [
    `${span.spanId} ${quote(span.name)} ${renderSpanKind(span.kind)} of ${nameSender(resource)}, ${parent}${node.attachment === 'orphan' ? ' (missing)' : ''}`,
    `  begins at ${renderMillis(offset)}, takes ${renderMillis(readSpanMillis(span))}${isFailed ? `, failed: ${renderFailure(node)}` : ''}`,
    `  ${renderAttributes(span.attributes)}`,
    ...span.events
      .slice(0, eventsMax)
      .map(
        ({ name, timeNanos, attributes }) =>
          `  event ${quote(name)} after ${renderMillis(Number(timeNanos - span.startNanos) / 1e6)} ${renderAttributes(attributes)}`,
      ),
    ...(span.events.length > eventsMax
      ? [`  and ${span.events.length - eventsMax} more events`]
      : []),
    ...span.links
      .slice(0, eventsMax)
      .map(({ traceId, spanId }) => `  link to trace ${traceId}, span ${spanId}`),
    ...(span.links.length > eventsMax ? [`  and ${span.links.length - eventsMax} more links`] : []),
    ...(logs.length > 0
      ? [`  ${logs.length} log records: ask logs with where spanId=${span.spanId}`]
      : []),
  ]
}
