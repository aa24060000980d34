import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../../otlp/decode-json.ts'
import {
  parseLogsProtobuf,
  parseMetricsProtobuf,
  parseTracesProtobuf,
} from '../../otlp/decode-protobuf.ts'
import { readQuickTraces } from '../../otlp/from-json/quick/read-quick-traces.ts'
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
  const isJson = encoding === 'json'
  switch (signal) {
    case 'traces':
      return { signal, groups: isJson ? readTracesJson(body) : parseTracesProtobuf(body) }
    case 'logs':
      return {
        signal,
        groups: isJson ? parseLogsJson(body.toString('utf8')) : parseLogsProtobuf(body),
      }
    case 'metrics':
      return {
        signal,
        groups: isJson ? parseMetricsJson(body.toString('utf8')) : parseMetricsProtobuf(body),
      }
  }
}

function readTracesJson(body: Buffer): readonly ResourceSpans[] {
  return readQuickTraces(body) ?? parseTracesJson(body.toString('utf8'))
}
