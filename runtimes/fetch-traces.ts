import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { createTraceTree, type TraceTree } from '../observability/comparison/trace.ts'
import { parseLogsJson, parseTracesJson } from '../observability/otlp/decode-json.ts'
import type { Played } from './play-scenario.ts'

const storedTrace = v.object({
  resourceSpans: v.array(v.unknown()),
  resourceLogs: v.array(v.unknown()),
})

/** Nothing new for so long, and it is taken for all there is: longer than a runtime's own delay of 1 s. */
const quietMillis = 1500
const waitMillisMax = 15_000

/**
 * Fetches the traces of what was played, once nothing more arrives for them.
 *
 * @returns By trace id; one that never arrived is absent.
 */
export async function fetchTraces(
  collectorUrl: string,
  played: readonly Played[],
): Promise<ReadonlyMap<string, TraceTree>> {
  const texts = new Map<string, string>()
  let quietSince = Date.now()
  for (const deadline = Date.now() + waitMillisMax; Date.now() < deadline; ) {
    for (const { traceId } of played) {
      const text = await fetchTrace(collectorUrl, traceId)
      if (text === undefined || text === texts.get(traceId)) continue
      texts.set(traceId, text)
      quietSince = Date.now()
    }
    if (texts.size === played.length && Date.now() - quietSince > quietMillis) break
    await delay(100)
  }
  return new Map(
    played.flatMap(({ traceId, driverSpanId }) => {
      const text = texts.get(traceId)
      return text === undefined ? [] : [[traceId, parseTrace(text, driverSpanId)] as const]
    }),
  )
}

async function fetchTrace(collectorUrl: string, traceId: string): Promise<string | undefined> {
  const response = await fetch(`${collectorUrl}/api/traces/${traceId}`)
  const text = await response.text()
  if (response.status === 404) return undefined
  if (response.ok) return text
  throw new Error(
    `${collectorUrl}/api/traces/${traceId}: expected a trace, got ${response.status} ${text.slice(0, 200)}`,
  )
}

function parseTrace(text: string, driverSpanId: string): TraceTree {
  const { resourceSpans, resourceLogs } = v.parse(storedTrace, JSON.parse(text))
  return createTraceTree(
    parseTracesJson(JSON.stringify({ resourceSpans })),
    parseLogsJson(JSON.stringify({ resourceLogs })),
    { driverSpanId },
  )
}
