import { createTraceTree } from '../../../comparison/trace/create-trace-tree.ts'
import type { SpanNode, TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { parseTraceDocument, type TraceDocument } from '../../../otlp/files/parse-trace-document.ts'
import type { Span } from '../../../otlp/model.ts'
import { isPlausibleTime } from '../../../otlp/shared/plausible-time.ts'
import { readObject } from '../state/asking/json.ts'

/** A trace as the collector gave it. */
export type HeldTrace = TraceDocument & {
  /** OTLP/JSON, for download. */
  readonly text: string
  readonly tree: TraceTree
  /** `false` when the collector found times in it that cannot be. */
  readonly isDurationTrusted: boolean
}

/** @throws DecodeError when it is not OTLP/JSON. */
export function readHeldTrace(text: string): HeldTrace {
  const { spans, logs } = parseTraceDocument(text)
  // An attribute may read the same; only then is all of it parsed once more.
  const isDurationTrusted =
    !text.includes('"isDurationTrusted":false') ||
    readObject(JSON.parse(text), 'trace').isDurationTrusted !== false
  return { text, spans, logs, tree: createTraceTree(spans, logs), isDurationTrusted }
}

/** The earliest start and the latest end of all spans, without impossible times, which would dwarf all others. */
export type Extent = { readonly startNanos: bigint; readonly endNanos: bigint }

/** Both are 0 if no span has a possible time. */
export function readExtent({ roots }: TraceTree): Extent {
  const spans = listNodes(roots).map(({ span }) => span)
  const starts = spans.map((span) => span.startNanos).filter(isPlausibleTime)
  const ends = spans.map((span) => span.endNanos).filter(isPlausibleTime)
  let startNanos = starts[0] ?? ends[0] ?? 0n
  for (const nanos of starts) if (nanos < startNanos) startNanos = nanos
  let endNanos = startNanos
  for (const nanos of ends) if (nanos > endNanos) endNanos = nanos
  return { startNanos, endNanos }
}

/** As its times say; nothing for a span that was sent before its end. */
export function readSpanMillis({ startNanos, endNanos }: Span): number {
  return endNanos === 0n ? 0 : Number(endNanos - startNanos) / 1e6
}

/** Every span under the roots, each parent before its children. */
export function listNodes(roots: readonly SpanNode[]): readonly SpanNode[] {
  const found: SpanNode[] = []
  const pending = [...roots].reverse()
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    found.push(node)
    for (const child of [...node.children].reverse()) pending.push(child)
  }
  return found
}
