import { encodeTracesJson } from '../../otlp/encode-json.ts'
import { groupDriverSpans } from '../play/client-spans.ts'
import type { FanOut } from '../play/fan-out.ts'
import { awaitTraces } from './await-traces.ts'
import type { TraceSource } from './trace-source.ts'

/** A trace of all targets, and what a file may hold of it. */
export type StoredFanOut = {
  readonly operation: string
  readonly traceId: string
  /** The whole trace as OTLP/JSON; `null` when it could not be fetched. */
  readonly json: string | null
}

/**
 * Fetches the traces of a fan-out, so that they outlive a collector that ends with the run: Jaeger's
 * page, and others, show such a file.
 *
 * @param source `null`: nothing is fetched.
 */
export async function fetchFanOuts(
  source: TraceSource | null,
  played: readonly FanOut[],
  options: {
    readonly settleMillis: number
    readonly waitMillisMax: number
    readonly signal: AbortSignal
  },
): Promise<readonly StoredFanOut[]> {
  const requests = played.flatMap((one) => one.requests.filter(({ isSent }) => isSent))
  if (source !== null) await awaitTraces(source, requests, options)
  return Promise.all(
    played.map(async ({ operation, traceId, spans }) => {
      const fetched = await source?.fetchTrace(traceId).catch(() => null)
      if (!fetched) return { operation, traceId, json: null }
      const ids = new Set(
        fetched.spans.flatMap((group) =>
          group.scopes.flatMap(({ items }) => items.map(({ spanId }) => spanId)),
        ),
      )
      // The driver's own spans may have been sent elsewhere, or nowhere.
      const own = groupDriverSpans(
        spans.filter(({ spanId }) => !ids.has(spanId)),
        '',
      )
      return { operation, traceId, json: encodeTracesJson([...own, ...fetched.spans]) }
    }),
  )
}

/** The file's name in the report's folder, such as `fan-out-2-unknown-id.json`. */
export function nameFanOutFile(operation: string, index: number): string {
  const slug = operation.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')
  return `${['fan-out', index + 1, ...(slug === '' ? [] : [slug.slice(0, 60)])].join('-')}.json`
}
