import * as v from 'valibot'
import { described } from '../../plumbing/described.ts'

// The parts of compare.json that are about one trace or one number.

/** Any text, also an empty one. */
export const text = v.string()
/** Any number; its unit is in the field's name. */
export const number = v.number()
/** A whole number, 0 or more. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** An estimated number with its interval. */
export const estimate = described(
  v.object({ value: number, low: v.nullable(number), high: v.nullable(number) }),
  'A number with its 95 % interval; an end is null where so few measurements cannot bound it.',
)

/** An attribute as a reader sees it: its value as text, its type beside it. */
export const attribute = described(
  v.object({ key: text, type: text, text }),
  'A value with its OTLP type (string, bool, int, double, bytes, array, kvlist, empty), as text.',
)

const durations = described(
  v.object({ count, p50Millis: number, p95Millis: number }),
  "Of this step over all repetitions that had it, by the runtime's own clock.",
)

const span = v.object({
  runtime: text,
  spanId: text,
  name: text,
  kind: text,
  startMillis: described(number, "From the first span of this runtime's trace."),
  durationMillis: number,
  status: v.picklist(['unset', 'ok', 'error']),
  statusMessage: text,
  scope: text,
  attachment: described(
    v.picklist(['child', 'root', 'driver', 'orphan', 'cycle']),
    'How it hangs in its trace: `driver` is under the span that the driver sent; an `orphan` names a parent that did not arrive; a `cycle` is its own ancestor.',
  ),
  duplicate: v.boolean(),
  attributes: v.array(attribute),
  events: v.array(
    v.object({
      name: text,
      offsetMillis: described(number, 'From the start of the span.'),
      attributes: v.array(attribute),
    }),
  ),
  repeated: v.nullable(durations),
})

/** What a span of each target did at one place in the aligned traces. */
export const step = described(
  v.object({
    path: described(v.array(text), 'Roles from the root down; the last names this step.'),
    depth: count,
    parent: described(v.nullable(count), 'Index of the step it is part of; null at the top.'),
    spans: described(v.array(span), 'At most one of each runtime; who lacks the step is absent.'),
  }),
  'One row of the traces laid over each other.',
)

/** Log records that say the same, one of each target that wrote it. */
export const logRow = v.object({
  subject: text,
  records: v.array(
    v.object({
      runtime: text,
      step: described(v.nullable(count), 'Index of the step it was written in; null when in none.'),
      link: described(v.picklist(['span', 'trace', 'none']), 'How far its ids lead.'),
      offsetMillis: described(v.nullable(number), "From the first span of this runtime's trace."),
      severityNumber: number,
      severityText: text,
      eventName: text,
      body: text,
      attributes: v.array(attribute),
    }),
  ),
})
