import {
  foldDifferences,
  listOpenDifferences,
} from '../../../comparison/report/render/fold-differences.ts'
import { foldLatencies } from '../../../comparison/report/render/fold-latencies.ts'
import { renderVerdict } from '../../../comparison/report/render/render-verdict.ts'
import type { Report } from '../../../comparison/report/report-schema.ts'
import { formatUtc } from './format-utc.ts'

type List = { readonly title: string; readonly items: readonly string[]; readonly tone?: 'is-bad' }

/** The most important findings: problems, failures, changes since the baseline. */
export function FirstFindings({ report }: { readonly report: Report }) {
  const { baseline, operations } = report
  const since = baseline === null ? '' : `since ${formatUtc(baseline.createdAt)}`
  const changes = foldDifferences(baseline?.changes ?? [], operations.length)
  return (
    <Lists
      lists={[
        { title: 'Know first', items: renderVerdict(report).problems, tone: 'is-bad' },
        { title: `New ${since}`, items: baseline?.newDifferences ?? [], tone: 'is-bad' },
        { title: `Changed ${since}`, items: changes, tone: 'is-bad' },
        { title: 'Differences', items: listOpenDifferences(report) },
        { title: 'Declared as known, but did not occur', items: report.stale },
      ]}
    />
  )
}

/** Findings that need no action. */
export function LastFindings({ report }: { readonly report: Report }) {
  const { unsteady, baseline, fanOuts } = report
  const since = baseline === null ? '' : `since ${formatUtc(baseline.createdAt)}`
  return (
    <Lists
      lists={[
        { title: `Gone ${since}`, items: baseline?.goneDifferences ?? [] },
        {
          title: 'Latency against the baseline',
          items: foldLatencies(baseline?.latency ?? []),
        },
        {
          title: 'Comes and goes, and is no difference',
          items: unsteady.map(({ line, reason }) =>
            reason === null ? line : `${line} (${reason})`,
          ),
        },
        {
          title: 'One trace over all runtimes',
          items: fanOuts.map(({ operation, traceId, file }) =>
            [`${operation}: ${traceId}`, ...(file === null ? [] : [`in ${file}`])].join(' '),
          ),
        },
      ]}
    />
  )
}

function Lists({ lists }: { readonly lists: readonly List[] }) {
  const shown = lists.filter(({ items }) => items.length > 0)
  if (shown.length === 0) return null
  return (
    <div class="findings">
      {shown.map(({ title, items, tone = '' }) => (
        <section key={title} class={`finding ${tone}`}>
          <h2>{title}</h2>
          <ul>
            {items.map((item, index) => (
              <li key={index}>{item}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
