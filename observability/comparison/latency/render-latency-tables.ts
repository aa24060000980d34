import {
  type Cell,
  createHeadings,
  type GridOptions,
  paintNotes,
  renderGrid,
} from '../report/render/render-grid.ts'
import type { Report, ReportOperationOnRuntime } from '../report/report-schema.ts'
import {
  clockMarks,
  describeClocks,
  renderClockMillis,
  renderMillis,
} from '../trace/clock-trust.ts'
import { renderDigits, renderTimes } from './latency-sentence.ts'
import type { Estimate } from './latency-summary.ts'
import { timePartNames } from './time-parts.ts'

/** Quantiles with intervals, and the ratio to the reference; empty when nothing was timed. */
export function renderLatencies(report: Report, options: GridOptions): string {
  const { operations, reference, measurement, settings } = report
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
    `${describeClock(settings)}; (95 % interval), ? where so few measurements cannot bound it`,
    ...(measurement.rejection === null ? [] : [`not compared: ${measurement.rejection}`]),
    ...(measurement.lateRequests === 0
      ? []
      : [
          `${measurement.lateRequests} of ${measurement.requests} requests are not timed: the driver itself sent them late`,
        ]),
  ]
  return [renderGrid([head, ...rows], options, 2), ...paintNotes(notes, options)].join('\n')
}

/** Whose clock the times of a report are by, and between which moments. */
function describeClock({ isPaired }: Pick<Report['settings'], 'isPaired'>): string {
  return isPaired
    ? "by the driver's clock, from the intended start"
    : 'by the clock of each server, from the start of its span to the end'
}

/** `1.84× (1.60–2.02) slower`; of too few measurements there is no interval to be shown. */
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
  const [from, to] = [low, high].map((end) => (end === null ? '?' : renderDigits(end)))
  return `${from}–${to}`
}

/** The parts of the time, by the runtimes' own clocks and their marks; empty without traces. */
export function renderTimeParts(report: Report, options: GridOptions): string {
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
  const clocks = report.operations.flatMap(({ runtimes }) =>
    runtimes.flatMap(({ runtime, time }) =>
      time === null ? [] : [{ name: runtime, clock: time.clock }],
    ),
  )
  const notes = [describeParts(report.settings), ...describeClocks(clocks)]
  const head = createHeadings('where the time goes', 'runtime', 'client', ...timePartNames)
  return [renderGrid([head, ...rows], options, 2), ...paintNotes(notes, options)].join('\n')
}

/** Whose clocks the parts are by. */
function describeParts({ isPaired }: Report['settings']): string {
  const means = 'means over the middle half of the requests'
  if (!isPaired) return `${means}; all by the clock of each server, which sees no network`
  return `${means}; client by the driver's clock, network what of it no server span covers, the rest by each server's own`
}

/** A mean of many has a digit more than one duration of a coarse clock, and the same mark. */
function renderClockMean(millis: number, clock: Report['runtimes'][number]['clock']): string {
  if (clock !== 'millisecond') return renderClockMillis(millis, clock)
  const text = Math.abs(millis) < 100 ? `${millis.toFixed(1)} ms` : renderMillis(millis)
  return `${text} ${clockMarks.millisecond.mark}`
}

/** From launch to ready, and first requests. */
export function renderColdStart({ runtimes, operations }: Report, options: GridOptions): string {
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
  const launched = runtimes.flatMap(({ name, readyMillis }) => (readyMillis === null ? [] : [name]))
  const which = launched.length === runtimes.length ? '' : `${launched.join(', ')} `
  const together = launched.length > 1 ? `${which}launched together; then ` : ''
  const note = `${together}the very first request of each operation, in this order`
  return [renderGrid([head, ...rows], options), ...paintNotes([note], options)].join('\n')
}
