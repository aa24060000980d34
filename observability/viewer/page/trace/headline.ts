import { findServer } from '../../../comparison/latency/time-parts.ts'
import { type ClockTrust, readClockTrust } from '../../../comparison/trace/clock-trust.ts'
import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { readAttribute } from '../../../otlp/model.ts'
import { readRuntimeName, readServiceName } from '../../../otlp/shared/read-runtime-name.ts'
import { readSpanMillis } from './held-trace.ts'

/** The span that stands for a trace: its outermost server span, or else its first root. */
export type Headline = {
  readonly name: string
  readonly service: string | null
  readonly runtime: string | null
  readonly httpStatus: number | null
  readonly millis: number
  readonly clock: ClockTrust
}

/** A trace without spans gives a headline too, for its log records. */
export function readHeadline({ roots, driver }: TraceTree): Headline {
  const node = findServer(roots) ?? roots[0] ?? driver
  if (node === null || node === undefined) {
    return {
      name: 'Log records only',
      service: null,
      runtime: null,
      httpStatus: null,
      millis: 0,
      clock: 'unknown',
    }
  }
  const { span, resource } = node
  const runtime = readRuntimeName(resource.attributes)
  const status = readAttribute(span.attributes, 'http.response.status_code')
  const httpStatus = typeof status === 'boolean' ? Number.NaN : Number(status)
  return {
    name: span.name || '(no name)',
    service: readServiceName(resource.attributes),
    runtime: runtime === '' ? null : runtime,
    httpStatus: Number.isInteger(httpStatus) && httpStatus > 0 ? httpStatus : null,
    millis: readSpanMillis(span),
    clock: readClockTrust(resource.attributes),
  }
}
