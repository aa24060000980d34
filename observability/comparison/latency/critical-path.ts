import { type Span, SpanKind } from '../../otlp/model.ts'
import { isPlausibleTime } from '../../otlp/shared/plausible-time.ts'
import type { SpanNode, TraceTree } from '../trace/trace-tree.ts'

/** A stretch of time in which nothing below a span, but the span itself, kept its trace from its end. */
export type CriticalStretch = {
  readonly node: SpanNode
  readonly startNanos: bigint
  readonly endNanos: bigint
}

/**
 * The chain of stretches that decided when a trace ended: had one been shorter, the trace could have ended earlier.
 *
 * Walks back from the end of the root: the child that ended last before that point is what was waited for, then the
 * child that ended last before that one started, and so on; the rest is the parent's own time. A span can have several
 * stretches, with those of its children between them. Of work side by side only the last to end is on the path.
 *
 * Among several roots it is the longest one. A child counts within its parent's time only, because two clocks seldom
 * agree; one that runs on after its parent did not keep it and is not on the path, unless it is a server, whose clock is
 * another one. A span without an end, or that ends before it starts, took no time. Takes n log n steps, and no
 * recursion.
 *
 * @returns By time, without gap or overlap from the start of the root to its end; empty if the root took no time.
 */
export function readCriticalPath({ roots }: TraceTree): readonly CriticalStretch[] {
  const root = findLongest(roots)
  if (root === undefined) return []
  const found: CriticalStretch[] = []
  const { startNanos, endNanos } = root.span
  const pending: CriticalStretch[] = [{ node: root, startNanos, endNanos }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { own, children } = walkBack(next)
    found.push(...own)
    pending.push(...children)
  }
  return found.sort((a, b) => compare(a.startNanos, b.startNanos))
}

/** What of a stretch was the span's own time, and which child it waited for when. */
function walkBack({ node, startNanos, endNanos }: CriticalStretch) {
  const own: CriticalStretch[] = []
  const children: CriticalStretch[] = []
  let at = endNanos
  for (const child of listLatestFirst(node)) {
    const { span } = child
    if (!isPlausibleTime(span.endNanos)) continue
    const isOfAnotherClock = span.kind === SpanKind.server && at === endNanos
    if (span.endNanos > at && !isOfAnotherClock && !isNearly(span, at)) continue
    const end = span.endNanos < at ? span.endNanos : at
    const start = span.startNanos > startNanos ? span.startNanos : startNanos
    if (end <= start) continue
    if (end < at) own.push({ node, startNanos: end, endNanos: at })
    children.push({ node: child, startNanos: start, endNanos: end })
    at = start
  }
  if (at > startNanos) own.push({ node, startNanos, endNanos: at })
  return { own, children }
}

/** Of those that end together, the longest first. A duplicate is the same work once more. */
function listLatestFirst({ children }: SpanNode): readonly SpanNode[] {
  return children
    .filter(({ span, duplicate }) => lasts(span) && !duplicate)
    .sort(
      ({ span: a }, { span: b }) =>
        compare(b.endNanos, a.endNanos) || compare(a.startNanos, b.startNanos),
    )
}

/** Some SDKs start each span at a whole millisecond, so that one span may seem to reach a little into the next. */
const slackNanos = 1_000_000n

function isNearly({ startNanos, endNanos }: Span, at: bigint): boolean {
  const over = endNanos - at
  return over <= slackNanos && over * 2n < endNanos - startNanos
}

/** Impossible times come last, so that one wrong clock does not choose the root. */
function findLongest(roots: readonly SpanNode[]): SpanNode | undefined {
  const lasting = roots.filter(({ span }) => lasts(span))
  const possible = lasting.filter(
    ({ span }) => isPlausibleTime(span.startNanos) && isPlausibleTime(span.endNanos),
  )
  let longest: SpanNode | undefined
  for (const root of possible.length > 0 ? possible : lasting)
    if (longest === undefined || readNanos(root.span) > readNanos(longest.span)) longest = root
  return longest
}

function lasts({ startNanos, endNanos }: Span): boolean {
  return endNanos > startNanos
}

function readNanos({ startNanos, endNanos }: Span): bigint {
  return endNanos - startNanos
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
