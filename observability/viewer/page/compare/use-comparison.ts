import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type Parameters, readParameter, readParameters } from '../state/address.ts'
import { returns } from '../state/asking/connection.ts'
import { collectorStatus } from '../state/collector.ts'
import { readTimes } from '../state/read-times.ts'
import { shownRun } from '../state/shown-run.ts'
import { createLaneWish, createRunWish } from './choose/lane-wish.ts'
import { none, useGroups } from './choose/use-groups.ts'
import { type CompareOutcome, fetchByOperation, fetchTraces } from './fetch-compared.ts'

export type Comparison = Exclude<CompareOutcome, { kind: 'silence' }> | { readonly kind: 'loading' }

/**
 * What a view compares, by its parameters.
 *
 * @param askedMillis Another value asks anew.
 */
export function useComparison(
  parameters: Parameters,
  isChosen: boolean,
  askedMillis: number,
): ReadonlySignal<Comparison> {
  const traceIds = readParameters(parameters, 'trace')
  const between = readParameters(parameters, 'between')
  const by = readParameter(parameters, 'by') || 'runtime'
  const state = useSignal<Comparison>({ kind: 'loading' })
  const isUnanswered = useSignal(false)
  // For an operation all lanes are asked, so it has to be known which there are.
  const groups = useGroups(by)
  const isReady =
    traceIds.length > 0 ||
    between.length > 0 ||
    (collectorStatus.value !== undefined && groups !== none)
  // Compared traces stay; unanswered queries are repeated.
  const tries = isUnanswered.value ? returns.value : 0
  const key = JSON.stringify([parameters, traceIds.length > 0 ? [] : groups, shownRun.value])

  useEffect(() => {
    if (!isChosen || !isReady) return
    const stopped = new AbortController()
    const wish = {
      operation: readParameter(parameters, 'operation'),
      status: readParameter(parameters, 'status'),
      reference: readParameter(parameters, 'reference'),
      times: readTimes(parameters, Date.now()),
      lanes:
        between.length > 0
          ? between.map(createRunWish)
          : groups.map((value) => createLaneWish(by, value)),
    }
    const fetched =
      traceIds.length > 0
        ? fetchTraces(traceIds, stopped.signal)
        : fetchByOperation(wish, stopped.signal)
    void fetched.then((outcome) => {
      if (stopped.signal.aborted) return
      isUnanswered.value = outcome.kind === 'silence'
      if (outcome.kind !== 'silence') state.value = outcome
    })
    return () => stopped.abort()
  }, [key, isReady, askedMillis, tries])
  return state
}
