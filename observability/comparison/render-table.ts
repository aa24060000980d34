import { type ClockTrust, clockMarks, renderClockMillis, renderMillis } from './clock-trust.ts'
import { escapeControls, renderDifference } from './difference.ts'
import { renderKnown } from './known-differences.ts'
import type { Comparison, RuntimeVerdict } from './scenario-result.ts'
import { type Cell, paint, renderGrid, type Tone } from './text-grid.ts'

/** Differences listed for one operation on one runtime; how many more there are is said. */
export const differencesShownMax = 50

export type TableOptions = {
  /** How many characters fit on a line. */
  readonly columns: number
  readonly color: boolean
}

/**
 * A comparison for a terminal: operations × runtimes with verdict and median time, the
 * time inside the server where the runtime's clock can tell, then every difference, what
 * was declared and why, what is declared but did not occur, and a line that sums it up.
 *
 * Ends with a newline.
 */
export function renderTable(comparison: Comparison, options: TableOptions): string {
  const sections = [
    renderVerdicts(comparison, options),
    renderServerTimes(comparison, options),
    renderUndeclared(comparison, options),
    renderDeclared(comparison, options),
    renderStale(comparison, options),
    renderSummary(comparison, options),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function renderVerdicts(comparison: Comparison, options: TableOptions): string {
  const all = comparison.operations.flatMap(({ verdicts }) => verdicts)
  const width = widest(all.map(renderOutcome))
  const timeWidth = widest(all.map(renderMedian))
  const rows = comparison.operations.map(({ operation, verdicts }): readonly Cell[] => [
    { text: operation, tone: 'plain' },
    ...verdicts.map((verdict): Cell => {
      const time = renderMedian(verdict).padStart(timeWidth)
      const text = `${renderOutcome(verdict).padEnd(width)}  ${time}`.trimEnd()
      return { text, tone: tones[verdict.outcome] }
    }),
  ])
  return renderGrid([renderHeadings('operation', comparison), ...rows], options)
}

function renderOutcome({ outcome, undeclared, declared }: RuntimeVerdict): string {
  const count = outcome === 'differs' ? undeclared.length : declared.length
  return count > 0 ? `${outcome} (${count})` : outcome
}

function renderMedian({ medianMillis }: RuntimeVerdict): string {
  return medianMillis === null ? '' : renderMillis(medianMillis)
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0)
}

const tones: Readonly<Record<RuntimeVerdict['outcome'], Tone>> = {
  reference: 'quiet',
  same: 'good',
  known: 'known',
  differs: 'bad',
}

/** Times by the runtimes' own clocks, each marked by how far that clock can be trusted. */
function renderServerTimes(
  { runtimes, operations, ...rest }: Comparison,
  options: TableOptions,
): string {
  const clocks = new Set<ClockTrust>()
  for (const { verdicts } of operations) {
    for (const { serverSpan } of verdicts) if (serverSpan) clocks.add(serverSpan.clock)
  }
  if (clocks.size === 0) return ''
  const headings = renderHeadings('inside the server', { runtimes, operations, ...rest })
  const rows = operations.map(({ operation, verdicts }): readonly Cell[] => [
    { text: operation, tone: 'plain' },
    ...verdicts.map(({ serverSpan }): Cell => {
      if (serverSpan === null) return { text: '-', tone: 'quiet' }
      return { text: renderClockMillis(serverSpan.millis, serverSpan.clock), tone: 'quiet' }
    }),
  ])
  const notes = [...clocks].sort().flatMap((clock) => {
    const { mark, meaning } = clockMarks[clock]
    return mark === '' ? [] : [paint(`${mark} ${meaning}`, 'quiet', options.color)]
  })
  return [renderGrid([headings, ...rows], options), ...notes].join('\n')
}

function renderHeadings(first: string, { runtimes, reference }: Comparison): readonly Cell[] {
  const names = runtimes.map((name) => (name === reference ? `${name} (reference)` : name))
  return [first, ...names].map((text) => ({ text, tone: 'heading' }))
}

function renderUndeclared({ operations }: Comparison, { color }: TableOptions): string {
  const lines = operations.flatMap(({ verdicts }) =>
    verdicts.flatMap(({ undeclared }) => limit(undeclared.map(renderDifference))),
  )
  return renderSection('differences', lines, color)
}

/** Declared ones are the rule and not the news: each once, with where it occurred. */
function renderDeclared({ known }: Comparison, { color }: TableOptions): string {
  const lines = known.declared.flatMap(({ known: entry, differences }) => {
    const operations = [...new Set(differences.map(({ operation }) => operation))]
    return [
      escapeControls(renderKnown(entry)),
      paint(
        `  ${differences.length} × in ${escapeControls(operations.join(', '))}`,
        'quiet',
        color,
      ),
    ]
  })
  return renderSection('known differences', lines, color)
}

function renderStale({ known }: Comparison, { color }: TableOptions): string {
  const lines = known.stale.map((entry) => escapeControls(renderKnown(entry)))
  return renderSection('declared as known, but did not occur (remove them)', lines, color)
}

function renderSection(heading: string, lines: readonly string[], color: boolean): string {
  if (lines.length === 0) return ''
  return [paint(heading, 'heading', color), ...lines.map((line) => `  ${line}`)].join('\n')
}

function renderSummary(
  { operations, runtimes, known }: Comparison,
  { color }: TableOptions,
): string {
  const compared = operations.flatMap(({ verdicts }) => verdicts)
  const count = (outcome: RuntimeVerdict['outcome']) =>
    compared.filter((verdict) => verdict.outcome === outcome).length
  const differs = count('differs')
  const size = `${operations.length} operations on ${runtimes.length} runtimes`
  const parts = [
    `${count('same')} same`,
    `${count('known')} known`,
    `${differs} different`,
    ...(known.stale.length > 0 ? [`${known.stale.length} stale`] : []),
  ]
  return paint(`${size}: ${parts.join(', ')}`, differs > 0 ? 'bad' : 'good', color)
}

function limit(lines: readonly string[]): readonly string[] {
  if (lines.length <= differencesShownMax) return lines
  return [
    ...lines.slice(0, differencesShownMax),
    `… and ${lines.length - differencesShownMax} more`,
  ]
}
