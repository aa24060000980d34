import { useSignal } from '@preact/signals'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { GroupChoice } from '../find/group-choice.tsx'
import { nameGrouping } from '../find/group-condition.ts'
import { type Parameters, readParameter, readParameters, viewHref } from '../state/address.ts'
import { formatSecond } from '../state/format.ts'
import { CompareChooser } from './choose/compare-chooser.tsx'
import { ReferenceChoice } from './choose/reference-choice.tsx'
import { StatusChoice } from './choose/status-choice.tsx'
import { WhereTimeGoes } from './icicle/where-time-goes.tsx'
import { OperationComparison } from './operation-comparison.tsx'
import { useComparison } from './use-comparison.ts'

/** Traces laid over each other: those that were chosen, or the latest of an operation on each lane. */
export function CompareView({ parameters }: { readonly parameters: Parameters }) {
  const traceIds = readParameters(parameters, 'trace')
  const operation = readParameter(parameters, 'operation')
  const by = readParameter(parameters, 'by') || 'runtime'
  const between = readParameters(parameters, 'between')
  const askedMillis = useSignal(0)
  const isChosen = traceIds.length > 0 || operation !== ''
  const state = useComparison(parameters, isChosen, askedMillis.value)

  if (!isChosen) return <CompareChooser parameters={parameters} />
  const now = state.value
  return (
    <section class="view" aria-labelledby="view-title" aria-busy={now.kind === 'loading'}>
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          {now.kind === 'compared' ? now.operation.name : operation || 'Compare'}
        </h1>
        {now.kind === 'compared' && (
          <>
            <ReferenceChoice operation={now.operation} parameters={parameters} />
            {traceIds.length === 0 && between.length === 0 && (
              <GroupChoice path="/compare" parameters={parameters} />
            )}
            <StatusChoice chosen={now.status} statuses={now.statuses} parameters={parameters} />
            <button
              type="button"
              class="quiet no-print"
              onClick={() => {
                askedMillis.value = Date.now()
              }}
            >
              Compare again
            </button>
            {askedMillis.value > 0 && (
              <span class="muted" role="status">
                as of {formatSecond(askedMillis.value, Date.now())}
              </span>
            )}
          </>
        )}
      </div>
      {now.kind === 'loading' && <Waiting />}
      {now.kind === 'failed' && (
        <Empty title="This cannot be compared">
          <p>{now.detail}</p>
          <p>
            <a
              class="button"
              href={viewHref('compare', { by: by === 'runtime' ? null : by, between })}
            >
              Choose something else
            </a>
          </p>
        </Empty>
      )}
      {now.kind === 'compared' && (
        <>
          {now.missing.map((sentence) => (
            <p key={sentence} class="note">
              {sentence}
            </p>
          ))}
          <OperationComparison
            operation={now.operation}
            heading="h2"
            laneName={between.length > 0 ? 'Run' : nameGrouping(by)}
            whereTimeGoes={
              <WhereTimeGoes
                lanes={now.operation.lanes}
                traces={now.traces}
                status={now.statuses.length > 1 ? now.status : null}
                parameters={parameters}
              />
            }
            durationsOf={
              traceIds.length > 0
                ? 'durations of the server span, by its own clock'
                : 'durations of the latest server spans, each by its own clock; the steps are those of a typical request'
            }
          />
        </>
      )}
    </section>
  )
}
