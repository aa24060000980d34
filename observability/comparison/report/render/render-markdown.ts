import { escapeControls } from '../../../plumbing/escape-controls.ts'
import { countFindings, listFindings } from '../../conventions/list-findings.ts'
import { renderEstimate, renderRatio } from '../../latency/render-latency-tables.ts'
import { timePartNames } from '../../latency/time-parts.ts'
import { clockMarks, describeClocks, renderMillis } from '../../trace/clock-trust.ts'
import type { Report } from '../report-schema.ts'
import { foldDifferences, listOpenDifferences } from './fold-differences.ts'
import { foldLatencies } from './fold-latencies.ts'
import { describeOutcome, listFanOuts, listSentences } from './render-terminal.ts'
import { renderVerdict } from './render-verdict.ts'

/** GitHub refuses a comment of more than 65,536 characters; what is past this is cut, and said. */
export const markdownCharsMax = 60_000

/**
 * A report for a pull request: the matrix and the sentences open, the rest to be unfolded. One that
 * is too long loses what is folded before anything else.
 */
export function renderMarkdown(report: Report): string {
  const open = renderOpen(report)
  const folded = renderFolded(report)
  const footer = renderFooter(report)
  const whole = join([...open, ...folded, footer])
  if (whole.length <= markdownCharsMax) return whole
  const short = join([...open, '… the rest is in compare.json', footer])
  if (short.length <= markdownCharsMax) return short
  // At the end of a line, so that no markup is left half open.
  const cut = short.lastIndexOf('\n', markdownCharsMax)
  return `${short.slice(0, cut)}\n\n… cut; compare.json has all of it\n`
}

function join(sections: readonly string[]): string {
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function renderOpen(report: Report): readonly string[] {
  const { operations, stale, baseline } = report
  const { word, sentence, notes, problems } = renderVerdict(report)
  const since = baseline === null ? '' : `since the baseline of ${baseline.createdAt}`
  return [
    `## Traces across runtimes: ${word}`,
    escapeMarkup(sentence),
    list('', [...notes, ...problems]),
    renderMatrix(report),
    list(`New ${since}`, baseline?.newDifferences ?? []),
    list(`Changed ${since}`, foldDifferences(baseline?.changes ?? [], operations.length)),
    list(`Gone ${since}`, baseline?.goneDifferences ?? []),
    list(`Latency ${since}`, foldLatencies(baseline?.latency ?? [])),
    list('Differences', listOpenDifferences(report, Number.POSITIVE_INFINITY)),
    list('Declared as known, but did not occur', stale),
    listConventions(report, false),
  ]
}

function renderFolded(report: Report): readonly string[] {
  const known = report.known.map(({ line, count, declaredIn }) => {
    const file = declaredIn === null ? '' : `, in ${declaredIn}`
    return `${line} (${count} ×${file})`
  })
  const unsteady = report.unsteady.map(({ line, reason }) =>
    reason === null ? line : `${line}: ${reason}`,
  )
  return [
    fold(
      'Latencies and where the time goes',
      join([list('', listSentences(report)), renderLatencies(report)]).trim(),
    ),
    fold('All of the semantic conventions', listConventions(report, true)),
    fold('Known differences', list('', known)),
    fold('Comes and goes, and is no difference', list('', unsteady)),
    fold('One trace over all runtimes', list('', listFanOuts(report))),
  ]
}

function listConventions({ conventions, runtimes }: Report, isWhole: boolean): string {
  if (conventions === null) return ''
  const lines = listFindings(conventions, runtimes.length, isWhole)
  return list(isWhole ? '' : countFindings(conventions), lines)
}

function renderMatrix(report: Report): string {
  const { runtimes, operations, reference } = report
  const marks = {
    reference: '',
    same: '✅ ',
    known: '🟡 ',
    differs: '❌ ',
    unplayed: '',
  } as const
  return table(
    [
      'operation',
      ...runtimes.map(({ name }) => (name === reference ? `${name} (reference)` : name)),
    ],
    operations.map(({ name, runtimes: own }) => [
      name,
      ...own.map((one) => `${marks[one.outcome]}${describeOutcome(report, name, one)}`),
    ]),
  )
}

function renderLatencies({ operations, reference, runtimes }: Report): string {
  const rows = operations.flatMap(({ name, runtimes: own }) =>
    own.flatMap(({ runtime, latency, versusReference, time }) => {
      if (latency === null) return []
      const parts = timePartNames.map((part) => {
        if (time === null) return ''
        return `${renderMillis(Math.max(0, time.parts[part]))} ${clockMarks[time.clock].mark}`.trim()
      })
      return [
        [
          name,
          runtime,
          renderEstimate(latency.p50Millis),
          renderEstimate(latency.p95Millis),
          renderEstimate(latency.p99Millis),
          versusReference === null ? '' : renderRatio(versusReference),
          ...parts,
        ],
      ]
    }),
  )
  if (rows.length === 0) return ''
  return [
    table(['operation', 'runtime', 'p50', 'p95', 'p99', `to ${reference}`, ...timePartNames], rows),
    ...describeClocks(runtimes).map(escapeMarkup),
  ].join('\n\n')
}

function renderFooter({ settings, createdAt, measurement, tool }: Report): string {
  const { machine, rounds, ratePerSecond, seed, scenario, traces } = settings
  const lag =
    measurement.lag === null
      ? ''
      : `, driver late by ${renderMillis(measurement.lag.p99Millis)} (p99)`
  return `<sub>${escapeMarkup(
    `${createdAt}, ${tool.name} ${tool.version}, scenario ${scenario}, ${rounds} rounds at ${ratePerSecond}/s, seed ${seed}${lag}; ${machine.cores} × ${machine.cpu}, ${machine.platform}, Node ${machine.node}; traces from ${traces}`,
  )}</sub>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.map(escapeMarkup).join(' | ')} |`).join('\n')
}

function list(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const items = lines.map((line) => `- ${escapeMarkup(line)}`).join('\n')
  return heading === '' ? items : `**${escapeMarkup(heading)}**\n\n${items}`
}

function fold(heading: string, content: string): string {
  if (content === '') return ''
  return `<details><summary>${escapeMarkup(heading)}</summary>\n\n${content}\n\n</details>`
}

/** Names and values come from the network: none of them may become markup, a link or a mention. */
function escapeMarkup(text: string): string {
  return escapeControls(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/@/g, '@\u200b')
    .replace(/(https?):\/\//g, '$1:\u200b//')
}
