import { encodeLogsJson, encodeTracesJson } from '../../otlp/encode-json.ts'
import type { ResourceLogs, ResourceSpans, Span } from '../../otlp/model.ts'
import type { CollectorStatus } from '../../wire/status.ts'
import { buildGroup, buildSpan, traceIdOf } from './build-telemetry.ts'
import { ask } from './start-test-collector.ts'

type Target = { readonly url: string }

export const json = 'application/json'
export const protobuf = 'application/x-protobuf'

/** A request with one span of trace `n`, in JSON. */
export const tracesBody = (n = 1, span: Partial<Span> = {}) =>
  encodeTracesJson([buildGroup([buildSpan({ traceId: traceIdOf(n), ...span })])])

/** Sends a body as JSON to `/v1/traces`, unless told otherwise. */
export const post = (
  { url }: Target,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
  path = '/v1/traces',
) => fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': json, ...headers }, body })

export const sendSpans = (target: Target, groups: readonly ResourceSpans[]) =>
  post(target, encodeTracesJson(groups))

export const sendLogs = (target: Target, groups: readonly ResourceLogs[]) =>
  post(target, encodeLogsJson(groups), {}, '/v1/logs')

export const readStatus = (target: Target) => ask<CollectorStatus>(target, '/api/status')

export const countStored = async (target: Target) => (await readStatus(target)).stored

/** A `google.rpc.Status` in protobuf: its code is field 1, its message field 2. */
export async function readRpcStatus(
  response: Response,
): Promise<{ code: number; message: string }> {
  const bytes = Buffer.from(await response.arrayBuffer())
  if (bytes[0] !== 0x08 || bytes[2] !== 0x12) throw new Error(`no status: ${bytes.toString('hex')}`)
  const lengthBytes = (bytes[3] ?? 0) > 127 ? 2 : 1
  return { code: bytes[1] ?? -1, message: bytes.subarray(3 + lengthBytes).toString('utf8') }
}
