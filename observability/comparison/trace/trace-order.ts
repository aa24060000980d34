import type { Attribute, LogRecord, Resource, Span } from '../../otlp/model.ts'
import {
  type AttributeOwner,
  findVolatileRule,
  maskIds,
  volatileRules,
} from '../differences/volatile-rules.ts'
import { renderCanonical, renderShape } from './attribute-value.ts'
import type { LogEntry, SpanNode, TracedSpan } from './trace-tree.ts'

/** Comparisons for `sort` that give equal traces the same order, whatever their ids and order of arrival. */
export type TraceOrder = {
  /** Spans by themselves; of use before anything hangs below them. */
  readonly compareAlone: (a: TracedSpan, b: TracedSpan) => number
  /** Then by descendants; the children and logs of both must be sorted already. */
  readonly compareNodes: (a: SpanNode, b: SpanNode) => number
  /** Log records by time, or by when they were seen; then by what they say. */
  readonly compareLogs: (a: LogEntry, b: LogEntry) => number
}

/**
 * An order of siblings that depends on nothing but what they did: start, name, kind, end,
 * then everything in them that is not volatile, then everything below them.
 *
 * Starts are equal more often than not: several SDKs and runtimes have clocks of whole
 * milliseconds. Were ids or the order of arrival to decide, two statements would swap
 * places from run to run, and the comparison would report it as a difference. Ids decide
 * only between spans that nothing else tells apart.
 */
export function createTraceOrder(): TraceOrder {
  const renderSteady = createSteadyRendering()
  const readSpan = cached(({ status, attributes, events }: Span) => {
    const happened = events.map(
      ({ name, attributes: own }) => `${name} ${renderSteady('event', own)}`,
    )
    return `${status.code} ${renderSteady('span', attributes)} ${happened.join()}`
  })
  const readRecord = cached(({ eventName, severityNumber, body, attributes }: LogRecord) => {
    const said = maskIds(renderCanonical(body))
    return `${eventName} ${severityNumber} ${said} ${renderSteady('log', attributes)}`
  })

  function compareContent({ span: a }: TracedSpan, { span: b }: TracedSpan): number {
    return (
      compare(a.startNanos, b.startNanos) ||
      compare(a.name, b.name) ||
      compare(a.kind, b.kind) ||
      compare(a.endNanos, b.endNanos) ||
      compare(readSpan(a), readSpan(b))
    )
  }

  function compareTrees(a: SpanNode, b: SpanNode): number {
    const pending: (readonly [SpanNode, SpanNode])[] = [[a, b]]
    for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
      const [left, right] = pair
      const verdict =
        compareContent(left, right) ||
        compare(left.children.length, right.children.length) ||
        compare(renderLogs(left), renderLogs(right))
      if (verdict !== 0) return verdict
      for (const [index, child] of left.children.entries()) {
        const other = right.children[index]
        if (other !== undefined) pending.push([child, other])
      }
    }
    return 0
  }

  function renderLogs({ logs }: SpanNode): string {
    return logs.map(({ record }) => readRecord(record)).join()
  }

  return {
    compareAlone: (a, b) => compareContent(a, b) || compareIdentity(a, b, a.span, b.span),
    compareNodes: (a, b) =>
      compareContent(a, b) || compareTrees(a, b) || compareIdentity(a, b, a.span, b.span),
    compareLogs: (a, b) =>
      compare(readTime(a.record), readTime(b.record)) ||
      compare(readRecord(a.record), readRecord(b.record)) ||
      compareIdentity(a, b, a.record, b.record),
  }
}

/** Values that rules declare volatile count by their type, or with their ids masked. */
function createSteadyRendering(): (on: AttributeOwner, attributes: readonly Attribute[]) => string {
  // Keys repeat in every span, so each is looked up in the rules once.
  const ignored = new Map<string, 'value' | 'ids' | 'nothing'>()
  function readIgnored(on: AttributeOwner, key: string): 'value' | 'ids' | 'nothing' {
    const id = `${on} ${key}`
    const ignore =
      ignored.get(id) ?? findVolatileRule(volatileRules, { on, key, path: '' })?.ignore ?? 'nothing'
    ignored.set(id, ignore)
    return ignore
  }

  return (on, attributes) => {
    const lines = attributes.map(({ key, value }) => {
      const ignore = readIgnored(on, key)
      if (ignore === 'value') return `${key}:${renderShape(value)}`
      const text = renderCanonical(value)
      return `${key}=${ignore === 'ids' ? maskIds(text) : text}`
    })
    return lines.sort().join()
  }
}

type Sender = { readonly resource: Resource }
type Identified = Pick<Span, 'traceId' | 'spanId' | 'attributes'> & {
  readonly parentSpanId?: string
}

/** Between equals: nothing depends on their order but that it is always the same. */
function compareIdentity(from: Sender, by: Sender, a: Identified, b: Identified): number {
  return (
    compare(a.spanId, b.spanId) ||
    compare(a.parentSpanId ?? '', b.parentSpanId ?? '') ||
    compare(a.traceId, b.traceId) ||
    compare(renderAll(a.attributes), renderAll(b.attributes)) ||
    compare(renderAll(from.resource.attributes), renderAll(by.resource.attributes))
  )
}

function renderAll(attributes: readonly Attribute[]): string {
  return attributes.map(({ key, value }) => `${key}=${renderCanonical(value)}`).join()
}

function readTime({ timeNanos, observedTimeNanos }: LogRecord): bigint {
  return timeNanos === 0n ? observedTimeNanos : timeNanos
}

function cached<T extends object>(render: (item: T) => string): (item: T) => string {
  const texts = new WeakMap<T, string>()
  return (item) => {
    const text = texts.get(item) ?? render(item)
    texts.set(item, text)
    return text
  }
}

function compare<T extends string | bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
