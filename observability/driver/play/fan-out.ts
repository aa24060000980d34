import type { SeededRandom } from '../../comparison/statistics/seeded-random.ts'
import type { Span } from '../../otlp/model.ts'
import { SpanKind, StatusCode } from '../../otlp/model.ts'
import { createClientSpans, createSpan, toAttributes, toEpochNanos } from './client-spans.ts'
import { createHttpClient } from './http-client.ts'
import {
  createPlayed,
  nameFailure,
  type PlayedRequest,
  sendPrepared,
  type Target,
} from './play-round.ts'
import {
  createIds,
  driverName,
  type PreparedOperation,
  prepareOperation,
  undoOperation,
} from './prepare-operation.ts'
import type { Scenario } from './scenario.ts'

/** One trace in which every target was asked the same. */
export type FanOut = {
  readonly operation: string
  readonly traceId: string
  readonly requests: readonly PlayedRequest[]
  /** The root, and below it a CLIENT span for each target. */
  readonly spans: readonly Span[]
}

/**
 * Sends the same request to every target in one trace per operation, so that any trace viewer shows the targets below
 * each other. One after the other, in random order: in parallel they would disturb each other. Runs after the
 * measuring, so it does not affect it.
 */
export async function playFanOut(
  targets: readonly Target[],
  scenario: Scenario,
  random: SeededRandom,
): Promise<readonly FanOut[]> {
  const players = targets.map((target) => ({ target, client: createHttpClient(target.url) }))
  const fanOuts: FanOut[] = []
  try {
    for (const operation of scenario.operations) {
      const { traceId, spanId: rootId } = createIds()
      const requests: PlayedRequest[] = []
      const startedAt = performance.now()
      for (const { target, client } of random.shuffle(players)) {
        const prepared = await prepareOperation(client, scenario, operation).catch(
          nameFailure(operation, target),
        )
        const one = joinTrace(prepared, traceId)
        const intendedAt = performance.now()
        const exchange = await sendPrepared(client, one).catch(nameFailure(operation, target))
        requests.push(createPlayed(one, exchange, { target, round: 0, intendedAt }))
        await undoOperation(client, scenario, prepared, exchange).catch(
          nameFailure(operation, target),
        )
      }
      const root = createSpan({
        traceId,
        spanId: rootId,
        parentSpanId: '',
        name: `${driverName} ${operation.name}`,
        kind: SpanKind.internal,
        startNanos: toEpochNanos(startedAt),
        endNanos: toEpochNanos(performance.now()),
        attributes: toAttributes({ 'compare.operation': operation.name }),
        status: { code: StatusCode.unset, message: '' },
      })
      const spans = createClientSpans(requests, rootId).map((span) => ({
        ...span,
        // The span's name shows at a glance which target it went to.
        name: readRuntime(span),
      }))
      fanOuts.push({ operation: operation.name, traceId, requests, spans: [root, ...spans] })
    }
  } finally {
    for (const { client } of players) client.close()
  }
  return fanOuts
}

/** The same request, as a child of another trace. */
function joinTrace(prepared: PreparedOperation, traceId: string): PreparedOperation {
  const { request, spanId } = prepared
  if (request === null) return { ...prepared, traceId }
  const headers = { ...request.headers, traceparent: `00-${traceId}-${spanId}-01` }
  return { ...prepared, traceId, request: { ...request, headers } }
}

function readRuntime({ name, attributes }: Span): string {
  const runtime = attributes.find(({ key }) => key === 'compare.runtime')?.value
  return typeof runtime === 'string' ? `${name} on ${runtime}` : name
}
