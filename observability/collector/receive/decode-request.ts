import { isUtf8 } from 'node:buffer'
import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../../otlp/decode-json.ts'
import {
  parseLogsProtobuf,
  parseMetricsProtobuf,
  parseTracesProtobuf,
} from '../../otlp/decode-protobuf.ts'
import type { ResourceLogs, ResourceMetrics, ResourceSpans } from '../../otlp/model.ts'
import type { Encoding, Signal } from '../../otlp/signal.ts'
import { Refusal } from './refusal.ts'

/** The content of one export request. */
export type ExportRequest =
  | { readonly signal: 'traces'; readonly groups: readonly ResourceSpans[] }
  | { readonly signal: 'logs'; readonly groups: readonly ResourceLogs[] }
  | { readonly signal: 'metrics'; readonly groups: readonly ResourceMetrics[] }

/**
 * Decodes a whole, decompressed body.
 *
 * @throws DecodeError that says where, and Refusal 400 for JSON that is not UTF-8.
 */
export function decodeRequest(signal: Signal, encoding: Encoding, body: Buffer): ExportRequest {
  const text = encoding === 'json' ? readUtf8(body) : undefined
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

/** `Buffer.toString` would put replacement characters where the sender's bytes were wrong. */
function readUtf8(body: Buffer): string {
  if (!isUtf8(body)) throw new Refusal(400, 'the body is not valid UTF-8')
  return body.toString('utf8')
}
