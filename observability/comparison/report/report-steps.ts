import type { Attribute, SpanEvent } from '../../otlp/model.ts'
import { alignLogs } from '../differences/compare-logs.ts'
import { exactQuantiles } from '../statistics/exact-quantile.ts'
import { renderPath, type Step } from '../trace/align-traces.ts'
import { readValueType, renderPlain } from '../trace/attribute-value.ts'
import { hideSecret } from '../trace/hide-secret.ts'
import { renderSpanKind } from '../trace/role.ts'
import type { SpanNode, TraceTree } from '../trace/trace-tree.ts'
import type { ReportOperation, ReportStep } from './report-schema.ts'

/** Milliseconds of each step by path as printed, over all repetitions of one runtime. */
export type StepMillis = ReadonlyMap<string, readonly number[]>

/** Steps that a report shows of one operation; the first, and so with the parents of all of them. */
export const stepsMax = 1000

/** Steps as compare.json has them, at most `stepsMax`. */
export function renderSteps(
  all: readonly Step[],
  traces: ReadonlyMap<string, TraceTree>,
  stepMillis: ReadonlyMap<string, StepMillis>,
): readonly ReportStep[] {
  const steps = all.slice(0, stepsMax)
  const indexes = new Map(steps.map((step, index) => [step, index]))
  const starts = readStarts(traces)
  return steps.map((step) => ({
    path: [...step.path],
    depth: step.depth,
    parent: step.parent === null ? null : (indexes.get(step.parent) ?? null),
    spans: [...step.spans].map(([runtime, node]) => ({
      runtime,
      ...renderSpan(node, starts.get(runtime) ?? 0n),
      repeated: renderDurations(stepMillis.get(runtime)?.get(renderPath(step.path)) ?? []),
    })),
  }))
}

/** Log records of all runtimes laid side by side. */
export function renderLogRows(
  steps: readonly Step[],
  traces: ReadonlyMap<string, TraceTree>,
): ReportOperation['logs'] {
  const indexes = new Map(steps.slice(0, stepsMax).map((step, index) => [step, index]))
  const starts = readStarts(traces)
  return alignLogs(steps, traces).map(({ subject, records }) => ({
    subject,
    records: [...records].map(([runtime, { entry, step }]) => {
      const { record, link } = entry
      const time = record.timeNanos === 0n ? record.observedTimeNanos : record.timeNanos
      const start = starts.get(runtime)
      return {
        runtime,
        step: step === null ? null : (indexes.get(step) ?? null),
        link,
        offsetMillis: start === undefined || time === 0n ? null : toMillis(time - start),
        severityNumber: record.severityNumber,
        severityText: record.severityText,
        eventName: record.eventName,
        body: renderPlain(record.body),
        attributes: renderAttributes(record.attributes),
      }
    }),
  }))
}

function renderSpan({ span, scope, attachment, duplicate }: SpanNode, start: bigint) {
  return {
    spanId: span.spanId,
    name: span.name,
    kind: renderSpanKind(span.kind),
    startMillis: toMillis(span.startNanos - start),
    durationMillis: toMillis(span.endNanos - span.startNanos),
    status: (['unset', 'ok', 'error'] as const)[span.status.code] ?? 'unset',
    statusMessage: span.status.message,
    scope: scope.name,
    attachment,
    duplicate,
    attributes: renderAttributes(span.attributes),
    events: span.events.map((event: SpanEvent) => ({
      name: event.name,
      offsetMillis: toMillis(event.timeNanos - span.startNanos),
      attributes: renderAttributes(event.attributes),
    })),
  }
}

/** Attributes for a report, with the OTLP type beside each value. */
export function renderAttributes(attributes: readonly Attribute[]) {
  return attributes.map(({ key, value }) => ({
    key,
    type: readValueType(value),
    text: renderPlain(hideSecret(key, value)),
  }))
}

function renderDurations(millis: readonly number[]): ReportStep['spans'][number]['repeated'] {
  const [p50Millis, p95Millis] = exactQuantiles(millis, [0.5, 0.95])
  if (p50Millis === undefined || p95Millis === undefined) return null
  return {
    count: millis.length,
    p50Millis: roundMillis(p50Millis),
    p95Millis: roundMillis(p95Millis),
  }
}

/** Ten nanoseconds: finer than any of the clocks, and short to write. */
export function roundMillis(millis: number): number {
  return Math.round(millis * 1e5) / 1e5
}

function toMillis(nanos: bigint): number {
  return roundMillis(Number(nanos) / 1e6)
}

function readStarts(traces: ReadonlyMap<string, TraceTree>): ReadonlyMap<string, bigint> {
  const starts = new Map<string, bigint>()
  for (const [runtime, { roots }] of traces) {
    for (const { span } of roots) {
      const start = starts.get(runtime)
      if (start === undefined || span.startNanos < start) starts.set(runtime, span.startNanos)
    }
  }
  return starts
}
