import { startTestCollector } from '../../../collector/testing/start-test-collector.ts'
import { encodeLogsJson, encodeTracesJson } from '../../../otlp/encode-json.ts'
import type { ResourceLogs, ResourceSpans } from '../../../otlp/model.ts'
import { viewerFolder } from '../../build.ts'
import { buildTraces } from './synthetic-traces.ts'

/** A collector with the page, on a free port. */
export function startViewer(options: Parameters<typeof startTestCollector>[0] = {}) {
  return startTestCollector({ pageFolder: viewerFolder, ...options })
}

/** Sends spans, and log records, as a service would. */
export async function sendTelemetry(
  { url }: { readonly url: string },
  spans: readonly ResourceSpans[],
  logs: readonly ResourceLogs[] = [],
): Promise<void> {
  await post(`${url}/v1/traces`, encodeTracesJson(spans))
  if (logs.length > 0) await post(`${url}/v1/logs`, encodeLogsJson(logs))
}

/** Sends so many requests of `buildTraces`, the newest ended now. */
export async function sendTraces(
  collector: { readonly url: string },
  count: number,
): Promise<void> {
  for (const groups of buildTraces(count, Date.now())) await sendTelemetry(collector, groups)
}

async function post(url: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
}
