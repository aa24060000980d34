import { exactQuantiles } from '../comparison/statistics/exact-quantile.ts'
import { createSeededRandom } from '../comparison/statistics/seeded-random.ts'
import { describeError } from '../plumbing/describe-error.ts'
import { createHttpClient, type HttpClient } from './play/http-client.ts'
import { createSchedule, type PlayedRequest, playRound, type Target } from './play/play-round.ts'
import type { Scenario } from './play/scenario.ts'
import { hideCredentials } from './sources/credentials.ts'

/** What is played how often on which targets, and what is told meanwhile. */
export type MeasureOptions = {
  readonly targets: readonly Target[]
  readonly scenario: Scenario
  /** How often each operation is measured on each target; 1 or more. */
  readonly rounds: number
  readonly warmUpRounds: number
  /** Requests a second while a target is being played; targets take turns. */
  readonly ratePerSecond: number
  readonly seed: number
  /** Called after the cold round, before anything is measured; when it rejects nothing more is. */
  readonly onCold: (cold: readonly PlayedRequest[]) => Promise<void>
  readonly onProgress: (phase: 'cold' | 'warm-up' | 'round', done: number, of: number) => void
  /** Bodies of answers are all kept, up to so many bytes. Defaults to `answersBytesMax`. */
  readonly answersBytesMax?: number
  /** Ends the measuring after the round under way. */
  readonly signal?: AbortSignal
}

/** The measured requests, and how far to trust them. */
export type Measurement = {
  readonly requests: readonly PlayedRequest[]
  /** The first request of each operation on each target, one after the other. */
  readonly cold: readonly PlayedRequest[]
  /** Rounds that were played to their end. */
  readonly roundsPlayed: number
  /** How many were sent too late to be timed; their answers and traces count. See `isLate`. */
  readonly lateRequests: number
  /** How late the driver itself sent, over all requests; `null` if it sent no request. */
  readonly lag: Lag | null
  /** Why no latency of this run may be compared; `null` when it may. */
  readonly rejection: string | null
  /** Why it ended early; `null` when it did not. */
  readonly failure: string | null
}

/** Quantiles of the driver's delay: actual minus planned time of sending. */
export type Lag = {
  readonly p50Millis: number
  readonly p99Millis: number
  readonly maxMillis: number
}

/** A request that the driver itself sent later than this is not timed. */
export const lagMillisMax = 2

/** With a larger share of its requests sent late a run carries no latency at all. */
export const lateShareMax = 0.25

/** A target that gave no answer so many times in a row has stopped answering. */
const silentMax = 16

/** Answers of one run, so that its memory is bounded however many rounds and however long a body. */
const answersBytesMax = 512 * 1024 * 1024

/** The target cannot be measured; one sentence. */
export class MeasureError extends Error {
  override readonly name = 'MeasureError'
}

/**
 * Plays a scenario on all targets by turns: once cold, some rounds to warm up, then the rounds that count. Within a
 * round the targets come in random order, so that a disturbance of the machine hits all alike.
 *
 * @throws MeasureError if a target does not answer its very first request. A later failure ends the measuring and gives
 * the results so far.
 */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const { scenario, rounds, warmUpRounds, seed, onProgress, signal } = options
  const random = createSeededRandom(seed)
  const players = options.targets.map((target) => ({
    target,
    client: createHttpClient(target.url),
  }))
  const cold: PlayedRequest[] = []
  const requests: PlayedRequest[] = []
  const bytesMax = options.answersBytesMax ?? answersBytesMax
  let answersBytes = 0
  let roundsPlayed = 0
  let failure: string | null = null
  try {
    onProgress('cold', 0, players.length)
    for (const [index, player] of random.shuffle(players).entries()) {
      if (signal?.aborted) break
      cold.push(...(await playCold(player, scenario)))
      onProgress('cold', index + 1, players.length)
    }
    if (!signal?.aborted) failure = await options.onCold(cold).then(() => null, describeError)
    failure ??= signal?.aborted ? interruptedEarly : null
    const silence = createSilenceWatch()
    for (let round = 1 - warmUpRounds; round <= rounds && failure === null; round += 1) {
      if (round > 0) onProgress('round', round, rounds)
      else onProgress('warm-up', round + warmUpRounds, warmUpRounds)
      const schedule = createSchedule(scenario, options.ratePerSecond, random)
      const played: PlayedRequest[] = []
      try {
        for (const { client, target } of random.shuffle(players)) {
          played.push(...(await playRound(client, target, scenario, schedule, round)))
        }
      } catch (error) {
        // Nothing here throws but a function of the scenario.
        failure = `the scenario failed in round ${round} at ${describeError(error)}`
        break
      }
      if (round > 0) {
        requests.push(...played)
        roundsPlayed = round
      }
      answersBytes += round > 0 ? played.reduce((sum, one) => sum + one.answerBytes, 0) : 0
      failure = silence(played, round)
      if (answersBytes > bytesMax && round < rounds) failure ??= describeSize(round, bytesMax)
      // All of it was played: there is nothing to be cut short here.
      if (signal?.aborted && roundsPlayed < rounds)
        failure = describeInterrupt(roundsPlayed, rounds)
    }
  } finally {
    for (const { client } of players) client.close()
  }
  const lateRequests = requests.filter(isLate).length
  return {
    requests,
    cold,
    roundsPlayed,
    lateRequests,
    lag: readLag(requests),
    rejection: judgeRun(lateRequests, requests.length),
    failure,
  }
}

function describeSize(round: number, bytesMax: number): string {
  return `the answers of ${round} rounds have more than ${bytesMax} bytes, which is all that is kept; choose fewer with --rounds`
}

const interruptedEarly = 'it was interrupted before anything was measured'

function describeInterrupt(played: number, rounds: number): string {
  return played === 0 ? interruptedEarly : `it was interrupted after ${played} of ${rounds} rounds`
}

/** Whether the driver was too late for the time from the intended start to be the target's. */
export function isLate({ sentAt, intendedAt }: PlayedRequest): boolean {
  return sentAt - intendedAt > lagMillisMax
}

/** Requests one after the other: on a cold runtime each operation has its own first time. */
async function playCold(
  { client, target }: { readonly client: HttpClient; readonly target: Target },
  scenario: Scenario,
): Promise<readonly PlayedRequest[]> {
  const played: PlayedRequest[] = []
  for (const { name } of scenario.operations) {
    const schedule = [{ operation: name, gapMillis: 0 }]
    const [request] = await playRound(client, target, scenario, schedule, 0).catch((error) => {
      throw new MeasureError(`the scenario failed at ${describeError(error)}`)
    })
    if (request === undefined) continue
    if (played.length === 0 && request.isSent && request.error !== null) {
      const place = hideCredentials(target.url)
      throw new MeasureError(`${target.name} cannot be reached at ${place}: ${request.error}`)
    }
    played.push(request)
  }
  return played
}

function createSilenceWatch(): (played: readonly PlayedRequest[], round: number) => string | null {
  const silent = new Map<string, { count: number; sentence: string }>()
  return (played, round) => {
    for (const { runtime, error, isSent } of played) {
      const streak = silent.get(runtime) ?? { count: 0, sentence: '' }
      if (error === null) silent.delete(runtime)
      else silent.set(runtime, streak)
      streak.count += 1
      if (isSent) streak.sentence = `${runtime} stopped answering in round ${round}: ${error}`
      else streak.sentence ||= `${runtime} gave nothing to measure in round ${round}: ${error}`
      if (error !== null && streak.count >= silentMax) return streak.sentence
    }
    return null
  }
}

function judgeRun(late: number, all: number): string | null {
  if (all === 0 || late / all <= lateShareMax) return null
  return `the driver itself sent ${late} of ${all} requests more than ${lagMillisMax} ms late: this machine is too busy to time anything`
}

function readLag(requests: readonly PlayedRequest[]): Lag | null {
  const lags = requests.map(({ sentAt, intendedAt }) => sentAt - intendedAt)
  const [p50Millis, p99Millis, maxMillis] = exactQuantiles(lags, [0.5, 0.99, 1])
  if (p50Millis === undefined || p99Millis === undefined || maxMillis === undefined) return null
  return { p50Millis, p99Millis, maxMillis }
}
