import { createHttpClient } from '../../observability/driver/play/http-client.ts'
import { type PlayedRequest, playRound } from '../../observability/driver/play/play-round.ts'
import type { Scenario } from '../../observability/driver/play/scenario.ts'

/** Plays each operation of a scenario once, one after the other, each in a trace of its own. */
export async function playScenario(
  url: string,
  scenario: Scenario,
): Promise<readonly PlayedRequest[]> {
  const client = createHttpClient(url)
  const played: PlayedRequest[] = []
  try {
    for (const { name } of scenario.operations) {
      const schedule = [{ operation: name, gapMillis: 0 }]
      played.push(...(await playRound(client, { name: '', url }, scenario, schedule, 1)))
    }
    return played
  } finally {
    client.close()
  }
}
