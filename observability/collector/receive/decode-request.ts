import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../../otlp/decode-json.ts'
import {
  parseLogsProtobuf,
  parseMetricsProtobuf,
  parseTracesProtobuf,
} from '../../otlp/decode-protobuf.ts'
import type {
  ReceivedMetric,
  ResourceGroup,
  ResourceLogs,
  ResourceSpans,
} from '../../otlp/model.ts'
import type { Encoding, Signal } from '../../otlp/signal.ts'

/** The content of one export request. */
export type ExportRequest =
  | { readonly signal: 'traces'; readonly groups: readonly ResourceSpans[] }
  | { readonly signal: 'logs'; readonly groups: readonly ResourceLogs[] }
  | { readonly signal: 'metrics'; readonly groups: readonly ResourceGroup<ReceivedMetric>[] }

/**
 * Decodes a whole, decompressed body. What is not UTF-8 in it becomes U+FFFD, in JSON as in protobuf:
 * one bad value must not cost its batch.
 *
 * @throws DecodeError that says where.
 */
export function decodeRequest(signal: Signal, encoding: Encoding, body: Buffer): ExportRequest {
  const text = encoding === 'json' ? body.toString('utf8') : undefined
  switch (signal) {
    case 'traces':
      return {
        signal,
        groups: text === undefined ? parseTracesProtobuf(body) : parseTracesJson(text),
      }
    case 'logs':
      return { signal, groups: text === undefined ? parseLogsProtobuf(body) : parseLogsJson(text) }
    case 'metrics':
      return {
        signal,
        groups: text === undefined ? parseMetricsProtobuf(body) : parseMetricsJson(text),
      }
  }
}
