import type { LogRecord, Resource, Scope, Span } from '../../otlp/model.ts'

/** A span with what sent it. */
export type TracedSpan = {
  readonly span: Span
  readonly resource: Resource
  readonly scope: Scope
}

/**
 * The position of a span in its tree: `child` of a present span; `root` without a parent; `driver` under the driver's
 * span; `orphan` of an absent parent; `cycle` if its ancestors lead back to itself, so that there is no top. All except
 * `child` stand at the top.
 */
export type Attachment = 'child' | 'root' | 'driver' | 'orphan' | 'cycle'

/** A span, what it caused, and what was logged in it. */
export type SpanNode = TracedSpan & {
  readonly attachment: Attachment
  /**
   * Another span of the same trace and span id stands before this one, and has the children.
   * Not so of a server's span that shares the id of its client's, as in Zipkin and Envoy: it is a
   * child of that one.
   */
  readonly duplicate: boolean
  /** By start time, then name. */
  readonly children: readonly SpanNode[]
  /** By time. */
  readonly logs: readonly LogEntry[]
}

/** A log record with what sent it, and how far its ids lead: to a span here, to the trace, nowhere. */
export type LogEntry = {
  readonly record: LogRecord
  readonly resource: Resource
  readonly scope: Scope
  readonly link: 'span' | 'trace' | 'none'
}

/** One request on one runtime. Nothing received is left out. */
export type TraceTree = {
  /** The span of the program that asked, when it arrived; it is no part of `roots`. */
  readonly driver: TracedSpan | null
  /** By start time, then name; more than one when parents are missing or go in circles. */
  readonly roots: readonly SpanNode[]
  /** Records that lead to no span under `roots`, by time. */
  readonly looseLogs: readonly LogEntry[]
  /** Spans under `roots`. */
  readonly spanCount: number
}
