import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ISerializer } from '@opentelemetry/otlp-transformer'
import type { Exporter, ExporterOptions } from './exporter.ts'

/**
 * Sends compressed, where the SDK has only its exporter for browsers, which cannot: workerd. The rest is as there: the
 * same statuses may be tried again, and are, by the drain.
 */
export function createGzipExporter<T>(
  { url, headers, timeoutMillis }: ExporterOptions,
  serializer: ISerializer<T[], unknown>,
): Exporter<T> {
  async function post(body: Uint8Array<ArrayBuffer>): Promise<ExportResult> {
    const compressed = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'))
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', ...headers, 'content-encoding': 'gzip' },
      // In one piece, so that it has a length.
      body: await new Response(compressed).arrayBuffer(),
      signal: AbortSignal.timeout(timeoutMillis),
    })
    await response.body?.cancel()
    if (response.ok) return { code: ExportResultCode.SUCCESS }
    const isRetryable = [429, 502, 503, 504].includes(response.status)
    const kind = isRetryable ? 'retryable' : 'non-retryable'
    return {
      code: ExportResultCode.FAILED,
      error: new Error(`Fetch request failed with ${kind} status ${response.status}`),
    }
  }

  return {
    export(items, done) {
      const body = serializer.serializeRequest(items)
      if (body === undefined) done({ code: ExportResultCode.SUCCESS })
      else
        post(new Uint8Array(body)).then(done, (cause) =>
          // Not the cause itself: the code of a time-out would pass for a status.
          done({ code: ExportResultCode.FAILED, error: new Error('no answer', { cause }) }),
        )
    },
  }
}
