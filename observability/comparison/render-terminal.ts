import { clockMarks, renderClockMillis, renderMillis } from './clock-trust.ts'
import { escapeControls } from './difference.ts'
import { renderTimes } from './latency-sentence.ts'
import type { Estimate } from './latency-summary.ts'
import type { Report, ReportOperationOnRuntime } from './report-schema.ts'
import { type Cell, paint, renderGrid, type Tone } from './text-grid.ts'
import { timePartNames } from './time-parts.ts'

/** Differences listed for one operation on one runtime; how many more there are is said. */
export const differencesShownMax = 50

export type TerminalOptions = {
  /** How many characters fit on a line. */
  readonly columns: number
  readonly color: boolean
}

/**
 * A report for a terminal: what must be known first, the matrix of operations and runtimes,
 * latencies with their intervals, where the time goes, the cold start, what can be said of it
 * in sentences, every difference, and a line that sums it up.
 *
 * Ends with a newline.
 */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const { color } = options
  const declared = report.known.flatMap(({ line, count, operations }) => [
    escapeControls(line),
    paint(`  ${count} × in ${escapeControls(operations.join(', '))}`, 'quiet', color),
  ])
  const sections = [
    renderSection('first of all', report.problems, color),
    renderMatrix(report, options),
    renderLatencies(report, options),
    renderTimeParts(report, options),
    renderColdStart(report, options),
    renderSection('in words', listSentences(report), color),
    renderSection('differences', listDifferences(report), color),
    renderSection('known differences', declared, color, true),
    renderSection('declared as known, but did not occur (remove them)', report.stale, color),
    renderSection('comes and goes, and is no difference', listUnsteady(report), color),
    renderBaseline(report, options),
    renderSummary(report, options),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function renderMatrix(report: Report, options: TerminalOptions): string {
  const { operations, runtimes, reference } = report
  const names = runtimes.map(({ name }) => (name === reference ? `${name} (reference)` : name))
  const rows = operations.map(({ name, runtimes: own }): readonly Cell[] => [
    { text: name, tone: 'plain' },
    ...own.map(
      (one): Cell => ({ text: describeOutcome(report, name, one), tone: tones[one.outcome] }),
    ),
  ])
  return renderGrid([createHeadings('operation', ...names), ...rows], options)
}

/** `same`, `differs in 3 points`, `known (2)`; for the matrix in every kind of report. */
export function describeOutcome(
  { differences }: Pick<Report, 'differences'>,
  operation: string,
  { runtime, outcome }: Pick<ReportOperationOnRuntime, 'runtime' | 'outcome'>,
): string {
  const own = differences.filter((one) => one.operation === operation && one.runtime === runtime)
  if (outcome === 'differs') {
    const open = own.filter(({ known }) => known === null).length
    return `differs in ${open} ${open === 1 ? 'point' : 'points'}`
  }
  return outcome === 'known' ? `known (${own.length})` : outcome
}

const tones: Readonly<Record<ReportOperationOnRuntime['outcome'], Tone>> = {
  reference: 'quiet',
  same: 'good',
  known: 'known',
  differs: 'bad',
}

function renderLatencies(report: Report, options: TerminalOptions): string {
  const { operations, reference, measurement } = report
  const rows = operations.flatMap(({ name, runtimes }) =>
    runtimes.flatMap(({ runtime, latency, versusReference }): readonly (readonly Cell[])[] => {
      if (latency === null) return []
      const verdict = versusReference?.verdict
      const times = versusReference === null ? '' : renderRatio(versusReference)
      const quantiles = [latency.p50Millis, latency.p95Millis, latency.p99Millis]
      return [
        [
          { text: name, tone: 'plain' },
          { text: runtime, tone: 'plain' },
          ...quantiles.map((one): Cell => ({ text: renderEstimate(one), tone: 'plain' })),
          { text: times, tone: verdict === 'slower' ? 'known' : 'quiet' },
        ],
      ]
    }),
  )
  if (rows.length === 0) return ''
  const head = createHeadings('latency', 'runtime', 'p50', 'p95', 'p99', `to ${reference}`)
  const notes = [
    `by the driver's clock, from the intended start; (95 % interval), ? where so few measurements cannot bound it`,
    ...(measurement.rejection === null ? [] : [`not compared: ${measurement.rejection}`]),
    ...(measurement.lateRequests === 0
      ? []
      : [
          `${measurement.lateRequests} of ${measurement.requests} requests are not timed: the driver itself sent them late`,
        ]),
  ]
  return [renderGrid([head, ...rows], options), ...quiet(notes, options)].join('\n')
}

/** `1.8× (1.6–2.0) slower`; of too few measurements there is no interval to be shown. */
export function renderRatio({
  ratio,
  verdict,
}: NonNullable<ReportOperationOnRuntime['versusReference']>): string {
  if (verdict === 'too-few') return `${renderTimes(ratio.value)} too few to tell`
  return `${renderTimes(ratio.value)} (${renderRange(ratio)}) ${verdict}`
}

/** `2.31 ms (2.2–2.5)`; `?` for an end that so few measurements cannot bound. */
export function renderEstimate(estimate: Estimate): string {
  return `${renderMillis(estimate.value)} (${renderRange(estimate)})`
}

function renderRange({ low, high }: Estimate): string {
  const [from, to] = [low, high].map((end) =>
    end === null ? '?' : end.toFixed(end >= 100 ? 0 : end >= 10 ? 1 : 2),
  )
  return `${from}–${to}`
}

function renderTimeParts(report: Report, options: TerminalOptions): string {
  const rows = report.operations.flatMap(({ name, runtimes }) =>
    runtimes.flatMap(({ runtime, time }): readonly (readonly Cell[])[] => {
      if (time === null) return []
      const parts = timePartNames.map((part): Cell => {
        const millis = Math.max(0, time.parts[part])
        const text = renderClockMean(millis, time.clock)
        return { text: time.parts[part] === 0 ? '-' : text, tone: 'plain' }
      })
      const whole: Cell = { text: renderMillis(time.clientMillis), tone: 'plain' }
      const labels = [name, runtime].map((text): Cell => ({ text, tone: 'plain' }))
      return [[...labels, whole, ...parts]]
    }),
  )
  if (rows.length === 0) return ''
  const clocks = new Set(
    report.operations.flatMap(({ runtimes }) => runtimes.flatMap(({ time }) => time?.clock ?? [])),
  )
  const notes = [
    'means over the middle half of the requests',
    ...[...clocks].sort().flatMap((clock) => {
      const { mark, meaning } = clockMarks[clock]
      return mark === '' ? [] : [`${mark} ${meaning}`]
    }),
  ]
  const head = createHeadings('where the time goes', 'runtime', 'client', ...timePartNames)
  return [renderGrid([head, ...rows], options), ...quiet(notes, options)].join('\n')
}

/** A mean of many has a digit more than one duration of a coarse clock, and the same mark. */
function renderClockMean(millis: number, clock: Report['runtimes'][number]['clock']): string {
  if (clock !== 'millisecond') return renderClockMillis(millis, clock)
  return `${millis.toFixed(1)} ms ${clockMarks.millisecond.mark}`
}

function renderColdStart({ runtimes, operations }: Report, options: TerminalOptions): string {
  const first = operations.flatMap(({ runtimes: own }) => own)
  if (first.every(({ coldMillis }) => coldMillis === null)) return ''
  const rows = runtimes.map(({ name, readyMillis }): readonly Cell[] => [
    { text: name, tone: 'plain' },
    { text: readyMillis === null ? 'ran already' : renderMillis(readyMillis), tone: 'plain' },
    ...operations.map(({ runtimes: own }): Cell => {
      const cold = own.find(({ runtime }) => runtime === name)?.coldMillis ?? null
      return { text: cold === null ? '-' : renderMillis(cold), tone: 'plain' }
    }),
  ])
  const head = createHeadings('cold start', 'ready after', ...operations.map(({ name }) => name))
  const note = 'launched together; then the very first request of each operation, in this order'
  return [renderGrid([head, ...rows], options), ...quiet([note], options)].join('\n')
}

/** Only what can be said: that too little was measured is in the table. */
function listSentences({ operations }: Report): readonly string[] {
  return operations.flatMap(({ runtimes }) =>
    runtimes.flatMap(({ versusReference }) =>
      versusReference?.verdict === 'slower' || versusReference?.verdict === 'faster'
        ? [versusReference.sentence]
        : [],
    ),
  )
}

function listDifferences({ differences }: Report): readonly string[] {
  const open = differences.filter(({ known }) => known === null)
  const groups = Map.groupBy(open, ({ operation, runtime }) => `${operation}\0${runtime}`)
  return [...groups.values()].flatMap((own) => limit(own.map(({ line }) => line)))
}

function listUnsteady({ unsteady }: Report): readonly string[] {
  return limit(unsteady.map(({ line, reason }) => (reason === null ? line : `${line}: ${reason}`)))
}

function renderBaseline({ baseline }: Report, { color }: TerminalOptions): string {
  if (baseline === null) return ''
  const parts = [
    renderSection('new since the baseline', limit(baseline.newDifferences), color),
    renderSection('gone since the baseline', limit(baseline.goneDifferences), color),
    renderSection(
      'changed since the baseline',
      limit(baseline.changes.map(({ line }) => line)),
      color,
    ),
    renderSection(
      'latency against the baseline',
      baseline.latency.map(({ sentence }) => sentence),
      color,
    ),
  ].filter((part) => part !== '')
  const title = `baseline of ${baseline.createdAt}`
  return parts.length === 0 ? `${title}: nothing changed` : [title, ...parts].join('\n')
}

function renderSummary(
  { operations, runtimes, stale, outcome }: Report,
  { color }: TerminalOptions,
) {
  const all = operations.flatMap(({ runtimes: own }) => own)
  const count = (wanted: ReportOperationOnRuntime['outcome']) =>
    all.filter((one) => one.outcome === wanted).length
  const parts = [
    `${count('same')} same`,
    `${count('known')} known`,
    `${count('differs')} different`,
    ...(stale.length > 0 ? [`${stale.length} stale`] : []),
  ]
  const size = `${plural(operations.length, 'operation')} on ${plural(runtimes.length, 'runtime')}`
  const line = `${size}: ${parts.join(', ')}`
  const failures = outcome.failures.map((failure) => escapeControls(`fails: ${failure}`))
  const tone = failures.length > 0 || count('differs') > 0 ? 'bad' : 'good'
  return [line, ...failures].map((text) => paint(text, tone, color)).join('\n')
}

function renderSection(
  heading: string,
  lines: readonly string[],
  color: boolean,
  isPainted = false,
): string {
  if (lines.length === 0) return ''
  const shown = lines.map((line) => `  ${isPainted ? line : escapeControls(line)}`)
  return [paint(heading, 'heading', color), ...shown].join('\n')
}

function createHeadings(...texts: readonly string[]): readonly Cell[] {
  return texts.map((text) => ({ text, tone: 'heading' }))
}

function quiet(notes: readonly string[], { color }: TerminalOptions): readonly string[] {
  return notes.map((note) => paint(escapeControls(note), 'quiet', color))
}

function limit(lines: readonly string[]): readonly string[] {
  if (lines.length <= differencesShownMax) return lines
  return [
    ...lines.slice(0, differencesShownMax),
    `… and ${lines.length - differencesShownMax} more`,
  ]
}

function plural(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}
