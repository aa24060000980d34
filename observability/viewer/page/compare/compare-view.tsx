import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { type Parameters, readParameter, readParameters, viewHref } from '../state/address.ts'
import { collectorStatus } from '../state/collector.ts'
import { returns } from '../state/connection.ts'
import { formatSecond } from '../state/format.ts'
import { runtimeNames } from '../state/source-names.ts'
import { CompareChooser } from './compare-chooser.tsx'
import { type CompareOutcome, fetchByOperation, fetchTraces } from './fetch-compared.ts'
import { OperationComparison } from './operation-comparison.tsx'
import { ReferenceChoice } from './reference-choice.tsx'
import { StatusChoice } from './status-choice.tsx'

type State = Exclude<CompareOutcome, { kind: 'silence' }> | { readonly kind: 'loading' }

/** Traces laid over each other: those that were chosen, or the latest of an operation on each runtime. */
export function CompareView({ parameters }: { readonly parameters: Parameters }) {
  const traceIds = readParameters(parameters, 'trace')
  const operation = readParameter(parameters, 'operation')
  const status = readParameter(parameters, 'status')
  const reference = readParameter(parameters, 'reference')
  const state = useSignal<State>({ kind: 'loading' })
  const askedMillis = useSignal(0)
  const isUnanswered = useSignal(false)
  // For an operation all runtimes are asked, so it has to be known which there are.
  const runtimes = traceIds.length > 0 ? [] : runtimeNames.value
  const isChosen = traceIds.length > 0 || operation !== ''
  const isReady = traceIds.length > 0 || collectorStatus.value !== undefined
  // Compared traces stay; unanswered queries are repeated.
  const tries = isUnanswered.value ? returns.value : 0

  useEffect(() => {
    if (!isChosen || !isReady) return
    const stopped = new AbortController()
    const fetched =
      traceIds.length > 0
        ? fetchTraces(traceIds, stopped.signal)
        : fetchByOperation({ operation, status, runtimes, reference }, stopped.signal)
    void fetched.then((outcome) => {
      if (stopped.signal.aborted) return
      isUnanswered.value = outcome.kind === 'silence'
      if (outcome.kind !== 'silence') state.value = outcome
    })
    return () => stopped.abort()
  }, [
    traceIds.join(),
    operation,
    status,
    reference,
    runtimes.join(),
    isReady,
    askedMillis.value,
    tries,
  ])

  if (!isChosen) return <CompareChooser />
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
            <StatusChoice chosen={now.status} statuses={now.statuses} parameters={parameters} />
            <button
              type="button"
              class="quiet no-print"
              onClick={() => {
                askedMillis.value = Date.now()
              }}
            >
              Compare anew
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
            <a class="button" href={viewHref('compare')}>
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
            durationsOf={
              traceIds.length > 0
                ? 'durations of the server span, by its own clock'
                : 'server spans of the latest requests, each by its own clock; steps are those of one that is usual'
            }
          />
        </>
      )}
    </section>
  )
}
