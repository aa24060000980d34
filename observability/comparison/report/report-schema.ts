import * as v from 'valibot'
import { described } from '../../plumbing/described.ts'
import { reportConventionsSchema } from '../conventions/report-conventions-schema.ts'
import { attribute, count, estimate, logRow, number, step, text } from './report-step-schema.ts'

/** Raised whenever something that a reader relies on changes its name, place, unit or meaning. */
export const reportVersion = 1

const trace = described(
  v.object({
    driverSpanId: text,
    resourceSpans: v.array(v.unknown()),
    resourceLogs: v.array(v.unknown()),
  }),
  'OTLP/JSON: all that arrived but the span of the driver, whose id is driverSpanId.',
)

const latency = v.object({
  byRound: described(
    v.array(v.nullable(number)),
    'Milliseconds from the intended start to the last byte, by round; null where a round does not count.',
  ),
  count,
  minMillis: number,
  meanMillis: number,
  maxMillis: number,
  p50Millis: estimate,
  p95Millis: estimate,
  p99Millis: estimate,
})

const verdict = v.object({
  verdict: v.picklist(['slower', 'faster', 'alike', 'unclear', 'too-few']),
  sentence: described(text, 'All that the measurements carry, and no more.'),
  ratio: estimate,
  differenceMillis: number,
  mannWhitney: v.object({ u: number, pValue: number, adjustedPValue: number }),
  cliffsDelta: number,
  leadingPart: v.nullable(v.object({ part: text, share: estimate })),
})

const timeParts = v.object({
  network: number,
  server: number,
  wait: number,
  connect: number,
  database: number,
})

const clock = v.picklist(['precise', 'millisecond', 'io-only', 'unknown'])

const time = described(
  v.object({ count, clock, clientMillis: number, parts: timeParts }),
  'Means in milliseconds over the middle half of the requests; the parts add up to clientMillis.',
)

const answer = v.object({
  status: number,
  headers: v.array(v.tuple([text, text])),
  body: described(text, 'Cut past 4,000 characters.'),
})

const form = described(
  v.object({
    count,
    exampleTraceId: v.nullable(text),
    differences: described(v.array(text), "From the reference's usual form, a line each."),
    steps: described(
      v.nullable(v.array(step)),
      "The reference's usual form laid over this one; null for the most frequent form, which the operation's steps show.",
    ),
  }),
  'One way in which a runtime took the operation.',
)

const operationOnRuntime = v.object({
  runtime: text,
  outcome: described(
    v.picklist(['reference', 'same', 'known', 'differs', 'unplayed']),
    'Unplayed: the run ended before anybody played it, so that nothing can be said.',
  ),
  repetitions: count,
  answered: count,
  traced: count,
  coldMillis: described(v.nullable(number), 'The very first request of this operation.'),
  latency: v.nullable(latency),
  versusReference: v.nullable(verdict),
  differencesLeftOut: described(
    v.optional(count, 0),
    'How many there are beyond the first 1,000 of this operation on this runtime, which are all that the report has.',
  ),
  time: v.nullable(time),
  answer: v.nullable(answer),
  forms: v.array(form),
  trace: v.nullable(trace),
})

const operation = v.object({
  name: text,
  method: text,
  path: text,
  runtimes: v.array(operationOnRuntime),
  steps: v.array(step),
  stepsLeftOut: described(
    v.optional(count, 0),
    'How many there are beyond the first 1,000, which is all that steps has; the traces have all of them.',
  ),
  logs: v.array(logRow),
})

const difference = v.object({
  operation: text,
  runtime: text,
  kind: text,
  path: v.array(text),
  subject: text,
  expected: v.nullable(text),
  actual: v.nullable(text),
  count,
  of: count,
  referenceCount: count,
  referenceOf: count,
  step: described(v.nullable(count), "Index into the operation's steps; null when it is on none."),
  known: described(v.nullable(count), 'Index into known; null when nobody declared it.'),
  line: text,
})

const known = v.object({
  runtime: text,
  reason: text,
  line: text,
  count,
  operations: v.array(text),
  declaredIn: described(v.optional(v.nullable(text), null), 'The file in which it is declared.'),
})

const change = described(
  v.object({
    operation: text,
    runtime: text,
    kind: text,
    path: v.array(text),
    subject: text,
    expected: v.nullable(text),
    actual: v.nullable(text),
    line: text,
  }),
  'How a runtime differs from what the baseline recorded of it.',
)

const baseline = v.object({
  createdAt: text,
  sameMachine: v.boolean(),
  newDifferences: v.array(text),
  goneDifferences: v.array(text),
  changes: v.array(change),
  changesLeftOut: described(
    v.optional(count, 0),
    'How many there are beyond the first 1,000 of each operation on each runtime.',
  ),
  latency: v.array(
    v.object({
      operation: text,
      runtime: text,
      relative: described(
        v.boolean(),
        'True when it is the ratio to the reference that is compared.',
      ),
      ratio: estimate,
      sentence: text,
    }),
  ),
})

/** A report as it is written to disk. A report of another version does not parse. */
export const reportSchema = described(
  v.object({
    format: v.literal('compare-report'),
    version: v.literal(reportVersion),
    createdAt: text,
    tool: v.object({ name: text, version: text }),
    status: described(v.picklist(['complete', 'partial']), 'Partial: the run ended early.'),
    problems: described(
      v.array(text),
      'What a reader must know before anything else, a sentence each.',
    ),
    settings: v.object({
      scenario: text,
      rounds: count,
      warmUpRounds: count,
      ratePerSecond: number,
      seed: number,
      traces: text,
      hasLogs: v.boolean(),
      isPaired: described(
        v.optional(v.boolean(), true),
        'Whether a round is the same moment for all; not so of requests that were stored.',
      ),
      failOn: described(
        v.optional(v.nullable(text), null),
        'What it was told to fail on, as --fail-on takes it.',
      ),
      machine: v.object({ platform: text, cpu: text, cores: count, node: text }),
    }),
    reference: text,
    runtimes: v.array(
      v.object({
        name: text,
        kind: described(
          v.picklist(['launched', 'running', 'target', 'stored']),
          'Stored: a group of requests in traces that were there already.',
        ),
        url: text,
        clock,
        resource: described(v.array(attribute), 'What its spans say of where they come from.'),
        readyMillis: described(
          v.nullable(number),
          'From launch to the first answer; null when it ran already.',
        ),
        emulation: described(
          v.optional(v.nullable(text), null),
          'What stands here for the platform that it is meant for; null when nothing does.',
        ),
        declaredIn: described(
          v.optional(v.nullable(text), null),
          'The file in which its known differences are declared.',
        ),
      }),
    ),
    measurement: v.object({
      roundsPlayed: count,
      requests: count,
      lateRequests: described(count, 'Sent too late by the driver itself to be timed.'),
      lag: v.nullable(v.object({ p50Millis: number, p99Millis: number, maxMillis: number })),
      rejection: described(v.nullable(text), 'Why no latency of this run may be compared.'),
    }),
    operations: v.array(operation),
    differences: v.array(difference),
    known: v.array(known),
    stale: described(v.array(text), 'Declared as known, but did not occur.'),
    unsteady: v.array(v.object({ line: text, reason: v.nullable(text) })),
    conventions: v.optional(v.nullable(reportConventionsSchema), null),
    fanOuts: v.array(
      v.object({
        operation: text,
        traceId: text,
        file: described(
          v.optional(v.nullable(text), null),
          'Beside this one, with the trace as OTLP/JSON; null when it could not be fetched.',
        ),
      }),
    ),
    baseline: v.nullable(baseline),
    outcome: v.object({ failures: v.array(text), exitCode: v.picklist([0, 1, 2]) }),
  }),
  'A comparison of traces, answers and latencies across runtimes.',
)

/** compare.json; docs/compare-json.md describes it. */
export type Report = v.InferOutput<typeof reportSchema>
/** One operation of the scenario, on all targets. */
export type ReportOperation = Report['operations'][number]
/** One operation on one target: its differences, its latency and its forms. */
export type ReportOperationOnRuntime = ReportOperation['runtimes'][number]
/** One row of an operation's aligned traces. */
export type ReportStep = ReportOperation['steps'][number]
/** How the run compares with the report that was given as its baseline. */
export type ReportBaseline = NonNullable<Report['baseline']>
