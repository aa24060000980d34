import { readHeader } from '../../comparison/differences/answers.ts'
import { createSeededRandom } from '../../comparison/statistics/seeded-random.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import { MeasureError, type Measurement } from '../measure.ts'
import { createClientSpans } from '../play/client-spans.ts'
import { playFanOut } from '../play/fan-out.ts'
import type { PlayedRequest, Target } from '../play/play-round.ts'
import type { Scenario } from '../play/scenario.ts'
import { type SendOptions, sendSpans } from '../play/send-spans.ts'
import { type ArrivedTraces, awaitTraces, describeIncomplete } from './await-traces.ts'
import { fetchFanOuts, type StoredFanOut } from './fetch-fan-outs.ts'
import type { TraceSource } from './trace-source.ts'

/** Which requests to play, where their traces arrive, and how long to wait for them. */
export type CollectOptions = {
  readonly runtimes: readonly Target[]
  readonly scenario: Scenario
  readonly seed: number
  readonly fanOut: boolean
  readonly source: TraceSource
  /** Destination of the driver's own spans; `null`: they are not sent. */
  readonly sendTo: SendOptions | null
  readonly settleMillis: number
  readonly waitMillisMax: number
  readonly onPhase: (text: string) => void
  readonly signal: AbortSignal
}

type CollectedTraces = {
  readonly traces: ArrivedTraces['traces']
  readonly fanOuts: readonly StoredFanOut[]
  /** Why it ended early; `null` when it did not. */
  readonly failure: string | null
  /** Further notes for the reader, a sentence each. */
  readonly notes: readonly string[]
}

/** How long traces are waited for after an interrupt. */
const interruptedMillisMax = 1500

/**
 * Sends the driver's spans, and fetches the traces of what was measured.
 *
 * Nothing here throws: what was measured is worth its report without traces, too.
 */
export async function collectTraces(
  measurement: Measurement,
  options: CollectOptions,
): Promise<CollectedTraces> {
  const { runtimes, scenario, source, settleMillis, waitMillisMax, onPhase, signal } = options
  const { cold, requests } = measurement
  const notes: string[] = []
  const played = await attempt('the fan-out failed', notes, [], async () => {
    if (!options.fanOut || measurement.failure !== null) return []
    onPhase('asking all of them in one trace')
    return playFanOut(runtimes, scenario, createSeededRandom(options.seed))
  })
  await attempt('the spans of the driver could not be sent', notes, undefined, async () => {
    onPhase("sending the driver's own spans")
    const own = createClientSpans([...cold, ...requests])
    const spans = [...own, ...played.flatMap((one) => one.spans)]
    if (options.sendTo !== null) return sendSpans(spans, options.sendTo)
    notes.push('the spans of the driver were sent nowhere; --collector says where to')
  })
  const sent = requests.filter(({ isSent }) => isSent)
  const arrived = await awaitTraces(source, sent, {
    // Who has interrupted it wants what there is, and soon; once more ends it at once.
    ...(signal.aborted
      ? { settleMillis: 0, waitMillisMax: interruptedMillisMax }
      : { settleMillis, waitMillisMax, signal }),
    onProgress: (done, of) => onPhase(`traces ${done} of ${of}`),
  })
  if (arrived.failure === null) notes.push(...describeIncomplete(arrived, sent))
  if (!source.hasLogs) notes.push(`log records are not compared: ${source.title} has none`)
  if (source.flattensLogs) {
    notes.push(
      'of log records the event names and the types of attributes are not compared: Loki keeps neither',
    )
  }
  const isGoingOn = arrived.failure === null && !signal.aborted
  const fanOuts = await fetchFanOuts(isGoingOn ? source : null, played, options)
  return {
    traces: arrived.traces,
    fanOuts,
    failure: describeFailure(arrived, measurement, options),
    notes,
  }
}

/**
 * A minute of measuring whose traces go nowhere is a minute lost: one trace of each target is
 * awaited first.
 *
 * @throws MeasureError that names whose trace did not arrive, or why the source cannot be asked.
 */
export async function assertTracesArrive(
  cold: readonly PlayedRequest[],
  { runtimes, source, waitMillisMax, onPhase, signal }: CollectOptions,
): Promise<void> {
  onPhase('looking for the first traces')
  const first = runtimes.flatMap(
    ({ name }) => cold.find(({ runtime, isSent }) => runtime === name && isSent) ?? [],
  )
  const options = { settleMillis: 0, waitMillisMax, signal }
  const { incomplete, failure } = await awaitTraces(source, first, options)
  if (failure !== null) throw new MeasureError(describeRefusal(source, failure))
  const lost = incomplete.filter(({ lack }) => lack === 'trace')
  if (lost.length === 0 || signal.aborted) return
  const names = lost.map(({ request }) => `${request.runtime}${describeAnswer(request)}`)
  throw new MeasureError(
    `no trace of the first request to ${names.join(', ')} arrived at ${source.title} within ${waitMillisMax / 1000} s; does it send there, and does it sample?`,
  )
}

/** Describes an answer that is no trace: a page of HTML is not the API that was meant. */
function describeAnswer({ answer }: PlayedRequest): string {
  if (answer === null) return ''
  const parts = [answer.status, readHeader(answer, 'content-type')]
  return ` (which answered ${parts.filter((part) => part).join(' ')})`
}

function describeFailure(
  { failure }: ArrivedTraces,
  { failure: earlier }: Measurement,
  { source, signal }: CollectOptions,
): string | null {
  if (failure !== null) return describeRefusal(source, failure)
  return signal.aborted && earlier === null ? 'it was interrupted while traces were fetched' : null
}

function describeRefusal({ title }: TraceSource, failure: string): string {
  return `${title} cannot be asked for traces: ${failure}`
}

async function attempt<T>(
  what: string,
  notes: string[],
  otherwise: T,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    notes.push(`${what}: ${describeError(error)}`)
    return otherwise
  }
}
