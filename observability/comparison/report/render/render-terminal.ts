import { escapeControls } from '../../../plumbing/escape-controls.ts'
import { renderConventions } from '../../conventions/render-conventions.ts'
import {
  renderColdStart,
  renderLatencies,
  renderTimeParts,
} from '../../latency/render-latency-tables.ts'
import type { Report, ReportOperationOnRuntime } from '../report-schema.ts'
import { foldDifferences, limitLines, listOpenDifferences } from './fold-differences.ts'
import { foldLatencies } from './fold-latencies.ts'
import {
  type Cell,
  createHeadings,
  type GridOptions,
  paint,
  renderGrid,
  type Tone,
} from './render-grid.ts'
import { renderVerdict } from './render-verdict.ts'

type TerminalOptions = GridOptions & {
  /** Latencies with their intervals, where time goes, cold starts, and what is known or comes and goes. */
  readonly verbose: boolean
}

/**
 * A report for a terminal: the verdict and what fails, what must be known, every difference that
 * nobody declared, and the matrix of operations and runtimes. Everything else with `verbose`.
 *
 * Ends with a newline.
 */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const { color } = options
  const declared = report.known.flatMap(({ line, count, operations, declaredIn }) => {
    const file = declaredIn === null ? '' : `, declared in ${declaredIn}`
    const where = escapeControls(`${operations.join(', ')}${file}`)
    return [escapeControls(line), paint(`  ${count} × in ${where}`, 'quiet', color)]
  })
  const sections = [
    renderSummary(report, options),
    renderSection('first of all', renderVerdict(report).problems, color),
    renderSection('differences', listOpenDifferences(report), color),
    renderConventions(report, options),
    renderMatrix(report, options),
    ...(options.verbose
      ? [
          renderLatencies(report, options),
          renderTimeParts(report, options),
          renderColdStart(report, options),
          renderSection('in words', listSentences(report), color),
          renderSection('known differences', declared, color, true),
        ]
      : []),
    renderSection('declared as known, but did not occur (remove them)', report.stale, color),
    options.verbose
      ? renderSection('comes and goes, and is no difference', listUnsteady(report), color)
      : '',
    renderBaseline(report, options),
    renderSection('one trace over all runtimes', listFanOuts(report), color),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function renderMatrix(report: Report, options: GridOptions): string {
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
  {
    runtime,
    outcome,
    differencesLeftOut,
  }: Pick<ReportOperationOnRuntime, 'runtime' | 'outcome' | 'differencesLeftOut'>,
): string {
  const own = differences.filter((one) => one.operation === operation && one.runtime === runtime)
  if (outcome === 'differs') {
    const undeclared = own.filter(({ known }) => known === null)
    const isPlayed = undeclared.every(
      ({ kind, count, of }) => kind !== 'operation.missing' || count < of,
    )
    if (!isPlayed) return 'not played'
    // Those come first: where what is there ends with others, none of them is left out.
    const open = undeclared.length + (undeclared.length === own.length ? differencesLeftOut : 0)
    return `differs in ${open} ${open === 1 ? 'point' : 'points'}`
  }
  if (outcome === 'unplayed') return 'not played'
  return outcome === 'known' ? `known (${own.length + differencesLeftOut})` : outcome
}

const tones: Readonly<Record<ReportOperationOnRuntime['outcome'], Tone>> = {
  reference: 'quiet',
  same: 'good',
  known: 'known',
  differs: 'bad',
  unplayed: 'quiet',
}

/** Only what can be said: that too little was measured is in the table. */
export function listSentences({ operations }: Report): readonly string[] {
  return operations.flatMap(({ runtimes }) =>
    runtimes.flatMap(({ versusReference }) =>
      versusReference?.verdict === 'slower' || versusReference?.verdict === 'faster'
        ? [versusReference.sentence]
        : [],
    ),
  )
}

function listUnsteady({ unsteady }: Report): readonly string[] {
  return limitLines(
    unsteady.map(({ line, reason }) => (reason === null ? line : `${line}: ${reason}`)),
  )
}

/** Where each of them is, for the terminal as for Markdown. */
export function listFanOuts({ fanOuts, settings }: Report): readonly string[] {
  return fanOuts.map(({ operation, traceId, file }) => {
    const place = file === null ? `at ${settings.traces}` : `in ${file}`
    return `${operation}: ${traceId} ${place}`
  })
}

function renderBaseline({ baseline, operations }: Report, { color }: GridOptions): string {
  if (baseline === null) return ''
  const parts = [
    renderSection('new since the baseline', limitLines(baseline.newDifferences), color),
    renderSection('gone since the baseline', limitLines(baseline.goneDifferences), color),
    renderSection(
      'changed since the baseline',
      limitLines(foldDifferences(baseline.changes, operations.length)),
      color,
    ),
    renderSection('latency against the baseline', foldLatencies(baseline.latency), color),
  ].filter((part) => part !== '')
  const title = `baseline of ${baseline.createdAt}`
  return parts.length === 0 ? `${title}: nothing changed` : [title, ...parts].join('\n')
}

function renderSummary(report: Report, { color }: GridOptions) {
  const { word, sentence, notes } = renderVerdict(report)
  const differs = report.operations.some(({ runtimes }) =>
    runtimes.some((one) => one.outcome === 'differs'),
  )
  const isGood = word === 'PASS' && !differs
  const noteTone = word === 'PASS' ? 'plain' : 'bad'
  return [
    paint(escapeControls(`${word}  ${sentence}`), isGood ? 'good' : 'bad', color),
    ...notes.map((note) => paint(escapeControls(note), noteTone, color)),
  ].join('\n')
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
