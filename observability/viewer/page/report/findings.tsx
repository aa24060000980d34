import type { Report } from '../../../comparison/report-schema.ts'

/** What a reader must know first: problems, failures, what changed since the baseline, what is declared in vain. */
export function Findings({ report }: { readonly report: Report }) {
  const { problems, outcome, measurement, stale, unsteady, baseline, fanOuts } = report
  const rejection = measurement.rejection === null ? [] : [measurement.rejection]
  const since =
    baseline === null
      ? []
      : [...baseline.newDifferences, ...baseline.latency.map(({ sentence }) => sentence)]
  const lists = [
    { title: 'Know first', items: [...problems, ...rejection], tone: 'is-bad' },
    { title: 'Failed because of', items: outcome.failures, tone: 'is-bad' },
    { title: `New since ${baseline?.createdAt ?? ''}`, items: since, tone: '' },
    {
      title: `Gone since ${baseline?.createdAt ?? ''}`,
      items: baseline?.goneDifferences ?? [],
      tone: '',
    },
    { title: 'Declared as known, but did not occur', items: stale, tone: '' },
    {
      title: 'Comes and goes, on the reference too',
      items: unsteady.map(({ line, reason }) => (reason === null ? line : `${line} (${reason})`)),
      tone: '',
    },
    {
      title: 'One trace over all runtimes',
      items: fanOuts.map(({ operation, traceId }) => `${operation}: ${traceId}`),
      tone: '',
    },
  ].filter(({ items }) => items.length > 0)
  if (lists.length === 0) return null
  return (
    <div class="findings">
      {lists.map(({ title, items, tone }) => (
        <section key={title} class={`finding ${tone}`}>
          <h2>{title}</h2>
          <ul>
            {items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
