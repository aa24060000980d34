import type { Report, ReportOperationOnRuntime } from '../../../comparison/report/report-schema.ts'
import { renderMillis } from '../../../comparison/trace/clock-trust.ts'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { DifferenceCount } from '../compare/steps/lane-table.tsx'

/** The anchor of an operation's section in the report. */
export function operationAnchor(index: number): string {
  return `operation-${index}`
}

/** Operations by runtimes: how each compares, and its median latency with the interval. */
export function OutcomeMatrix({ report }: { readonly report: Report }) {
  const names = report.runtimes.map(({ name }) => name)
  const clocks = new Map(report.runtimes.map(({ name, clock }) => [name, clock]))
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Operations and runtimes">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">Operation</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                <RuntimeName name={name} />
                <span class="muted clock">{clocks.get(name)} clock</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.operations.map((operation, index) => (
            <tr key={operation.name}>
              <th scope="row">
                <a href={`#${operationAnchor(index)}`}>{operation.name}</a>
              </th>
              {names.map((name) => {
                const own = operation.runtimes.find(({ runtime }) => runtime === name)
                const open = report.differences.filter(
                  (difference) =>
                    difference.operation === operation.name &&
                    difference.runtime === name &&
                    difference.known === null,
                ).length
                return (
                  <td key={name}>
                    {own === undefined ? (
                      <span class="muted">not played</span>
                    ) : (
                      <Cell own={own} open={open} />
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ own, open }: { readonly own: ReportOperationOnRuntime; readonly open: number }) {
  const { latency, outcome, versusReference, coldMillis } = own
  return (
    <>
      {outcome === 'unplayed' ? (
        <span class="muted">not played</span>
      ) : outcome === 'reference' && open === 0 ? (
        <span class="badge is-plain">reference</span>
      ) : outcome === 'known' ? (
        <span class="badge is-good">known differences</span>
      ) : (
        <DifferenceCount count={open} />
      )}
      {latency !== null && (
        <div
          class="matrix-latency"
          title={`p95 ${renderMillis(latency.p95Millis.value)}, p99 ${renderMillis(latency.p99Millis.value)}, ${latency.count} requests`}
        >
          <b>{renderMillis(latency.p50Millis.value)}</b>{' '}
          <span class="muted" title="95 % interval of the median">
            {renderRange(latency.p50Millis)}
          </span>{' '}
          {versusReference !== null &&
            (versusReference.verdict === 'slower' || versusReference.verdict === 'faster') && (
              <span class={versusReference.verdict === 'slower' ? 'is-warn' : 'is-good-text'}>
                {versusReference.ratio.value.toFixed(1)}×
              </span>
            )}
          <div class="muted">
            p95 {renderMillis(latency.p95Millis.value)}
            {coldMillis !== null && <> · cold {renderMillis(coldMillis)}</>}
          </div>
        </div>
      )}
    </>
  )
}

/** `(2.20–2.52)`; `?` for an end that so few measurements cannot bound. */
function renderRange({ low, high }: { readonly low: number | null; readonly high: number | null }) {
  const [from, to] = [low, high].map((end) => {
    if (end === null) return '?'
    return end.toFixed(end >= 100 ? 0 : end >= 10 ? 1 : 2)
  })
  return `(${from}–${to})`
}
