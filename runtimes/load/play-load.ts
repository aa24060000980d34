import { setTimeout as delay } from 'node:timers/promises'
import type { SeededRandom } from '../../observability/comparison/statistics/seeded-random.ts'
import { createClientSpans } from '../../observability/driver/play/client-spans.ts'
import { createHttpClient } from '../../observability/driver/play/http-client.ts'
import {
  createSchedule,
  type PlayedRequest,
  playRound,
  type Target,
} from '../../observability/driver/play/play-round.ts'
import type { Scenario } from '../../observability/driver/play/scenario.ts'
import type { Span } from '../../observability/otlp/model.ts'

type LoadOptions = {
  readonly targets: readonly Target[]
  readonly scenario: Scenario
  /** Requests a second on each target, in the mean; those that an operation needs first, or takes back, come on top. */
  readonly ratePerSecond: number
  readonly random: SeededRandom
  /** Ends the load: no new request is sent, those under way finish. */
  readonly signal: AbortSignal
  readonly onPlayed: (request: PlayedRequest) => void
  /** Told of a request that was not sent, because `inFlightMax` had no answer yet. */
  readonly onSkipped: (target: Target) => void
  /** Takes the driver's own spans, the roots of the traces. */
  readonly onSpans: (spans: readonly Span[]) => void
}

/** Requests to one target that may be without an answer at one time. */
export const inFlightMax = 50

/**
 * Plays a scenario on all targets at once until it is told to end: each request is sent at its time, whether or not
 * those before it were answered, as those of people who know nothing of each other.
 */
export async function playLoad(options: LoadOptions): Promise<void> {
  await Promise.all(options.targets.map((target) => playOn(target, options)))
}

async function playOn(target: Target, options: LoadOptions): Promise<void> {
  const { scenario, ratePerSecond, random, signal } = options
  const client = createHttpClient(target.url)
  const pending = new Set<Promise<void>>()
  for (let round = 1; !signal.aborted; round += 1) {
    for (const { operation, gapMillis } of createSchedule(scenario, ratePerSecond, random)) {
      await delay(gapMillis, undefined, { signal }).catch(() => {})
      if (signal.aborted) break
      if (pending.size >= inFlightMax) {
        options.onSkipped(target)
        continue
      }
      const schedule = [{ operation, gapMillis: 0 }]
      const played = playRound(client, target, scenario, schedule, round).then((requests) => {
        pending.delete(played)
        for (const request of requests) options.onPlayed(request)
        options.onSpans(createClientSpans(requests.filter(hasConnected)))
      })
      pending.add(played)
    }
  }
  await Promise.all(pending)
  client.close()
}

/** What never connected left nothing anywhere that a root could be for. */
function hasConnected({ error }: PlayedRequest): boolean {
  return error === null || !/^(connect|getaddrinfo) |^ECONNREFUSED$/.test(error)
}
