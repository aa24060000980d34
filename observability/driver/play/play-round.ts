import type { Answer } from '../../comparison/differences/answers.ts'
import type { Finding } from '../../comparison/differences/difference.ts'
import type { SeededRandom } from '../../comparison/statistics/seeded-random.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import { hideCredentials } from '../sources/credentials.ts'
import { waitUntil } from '../sources/wait-until.ts'
import { type Exchange, type HttpClient, readAnswer, skipExchange } from './http-client.ts'
import {
  isExpected,
  type PreparedOperation,
  prepareOperation,
  undoOperation,
} from './prepare-operation.ts'
import type { Scenario, ScenarioOperation } from './scenario.ts'

/** A service that receives the scenario's requests: a runtime, or any URL that serves the same API. */
export type Target = { readonly name: string; readonly url: string }

/** One measured request. Times in milliseconds by `performance.now()`. */
export type PlayedRequest = {
  readonly operation: string
  readonly runtime: string
  readonly round: number
  readonly traceId: string
  /** The driver's own span, which the request named as its parent. */
  readonly spanId: string
  /** Not when what it needs could not be made. */
  readonly isSent: boolean
  /** Whether it was sent twice; see `Exchange`. */
  readonly isResent: boolean
  readonly method: string
  /** The URL with its path, without credentials. */
  readonly url: string
  /** The planned time of sending, regardless of earlier requests. */
  readonly intendedAt: number
  readonly sentAt: number
  readonly endedAt: number
  readonly answer: Answer | null
  /** Bytes of the answer's body. */
  readonly answerBytes: number
  /** Why there is no answer. */
  readonly error: string | null
  /** That it could not be sent, or that its answer is not what the scenario expects. */
  readonly fault: Finding | null
}

/** Requests that are to be sent, one after the other: by operation, with the gap before each. */
export type Schedule = readonly { readonly operation: string; readonly gapMillis: number }[]

/**
 * One round's arrivals: every operation once, in random order and with random gaps, as from independent clients. The
 * same schedule is played on every runtime, so that none gets a harder one.
 */
export function createSchedule(
  scenario: Scenario,
  ratePerSecond: number,
  random: SeededRandom,
): Schedule {
  return random.shuffle(scenario.operations).map(({ name }) => ({
    operation: name,
    // A gap far beyond the mean is only lost time.
    gapMillis: Math.min(random.nextGap(1000 / ratePerSecond), 4000 / ratePerSecond),
  }))
}

/**
 * Plays one round on one target, open-loop: each request is sent at its time, whether or not
 * those before it have been answered. Otherwise a target that stalls would be asked less just
 * then, and its stall counted once instead of for all who would have met it.
 */
export async function playRound(
  client: HttpClient,
  target: Target,
  scenario: Scenario,
  schedule: Schedule,
  round: number,
): Promise<readonly PlayedRequest[]> {
  const prepared = await Promise.all(
    schedule.flatMap(({ operation: name, gapMillis }) => {
      const operation = scenario.operations.find((one) => one.name === name)
      if (operation === undefined) return []
      const ready = prepareOperation(client, scenario, operation)
      return [ready.then((one) => ({ ...one, gapMillis })).catch(nameFailure(operation, target))]
    }),
  )
  let intendedAt = performance.now()
  const sent = []
  for (const one of prepared) {
    intendedAt += one.gapMillis
    await waitUntil(intendedAt)
    const exchange = sendPrepared(client, one).catch(nameFailure(one.operation, target))
    // Heard of below, once all were sent.
    exchange.catch(() => {})
    sent.push({ ...one, intendedAt, exchange })
  }
  const exchanges = await Promise.all(sent.map(({ exchange }) => exchange))
  const played = sent.map((one, index) => {
    const exchange = exchanges[index]
    if (exchange === undefined) throw new Error('an exchange: expected one, got none')
    return createPlayed(one, exchange, { target, round, intendedAt: one.intendedAt })
  })
  await Promise.all(
    sent.map(async (one) =>
      undoOperation(client, scenario, one, await one.exchange).catch(
        nameFailure(one.operation, target),
      ),
    ),
  )
  return played
}

/** If a function of the scenario fails, names the target whose answer it was given. */
export function nameFailure(
  { name }: ScenarioOperation,
  target: Target,
): (cause: unknown) => never {
  return (cause) => {
    const reason = describeError(cause)
    throw new Error(`${name} on ${target.name}: ${reason}`, { cause })
  }
}

/** A request whose preparation failed is not sent. */
export function sendPrepared(
  client: HttpClient,
  { request, setup }: PreparedOperation,
): Promise<Exchange> {
  if (request !== null) return client.send(request)
  return Promise.resolve(skipExchange(`what it needs could not be made: ${setup}`))
}

/** What the comparison needs of one request: its ids, its answer and its times. */
export function createPlayed(
  { operation, request, traceId, spanId, setup }: PreparedOperation,
  exchange: Exchange,
  at: { readonly target: Target; readonly round: number; readonly intendedAt: number },
): PlayedRequest {
  return {
    operation: operation.name,
    runtime: at.target.name,
    round: at.round,
    traceId,
    spanId,
    isSent: request !== null,
    isResent: exchange.isResent,
    method: request?.method ?? '',
    url: hideCredentials(`${at.target.url.replace(/\/$/, '')}${request?.path ?? ''}`),
    intendedAt: at.intendedAt,
    sentAt: exchange.sentAt,
    endedAt: exchange.endedAt,
    answer: readAnswer(exchange),
    answerBytes: exchange.body.length,
    error: exchange.error,
    fault: findFault(operation, setup, exchange.status),
  }
}

function findFault(
  operation: ScenarioOperation,
  setup: string | null,
  status: number | null,
): Finding | null {
  if (setup !== null) {
    const expected = 'what it needs first'
    return { kind: 'operation.missing', subject: '', expected, actual: setup }
  }
  if (status === null || isExpected(operation, status)) return null
  const expected = operation.expects === undefined ? 'a status below 400' : `${operation.expects}`
  return { kind: 'answer.unexpected', subject: '', expected, actual: `${status}` }
}
