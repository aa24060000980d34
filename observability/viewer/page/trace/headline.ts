import { type ClockTrust, readClockTrust } from '../../../comparison/trace/clock-trust.ts'
import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { readRuntimeName, readServiceName } from '../../../otlp/shared/read-runtime-name.ts'
import { findMainSpan } from '../../../wire/spans/find-main-span.ts'
import { readHttpStatus } from '../../../wire/spans/read-http-status.ts'
import { listNodes, readSpanMillis } from './held-trace.ts'

/** What a trace is called, in the list as on its page: the facts of its main span. */
export type Headline = {
  readonly name: string
  readonly service: string | null
  readonly runtime: string | null
  readonly httpStatus: number | null
  /** Of the main span alone. */
  readonly millis: number
  readonly clock: ClockTrust
}

/** A trace without spans gives a headline too, for its log records. */
export function readHeadline({ roots, driver }: TraceTree): Headline {
  const nodes = [...listNodes(roots), ...(driver === null ? [] : [driver])]
  const found = findMainSpan(nodes.map(({ span }) => span))
  const node = nodes.find(({ span }) => span === found?.main)
  if (found === undefined || node === undefined) {
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
  return {
    name: span.name || '(no name)',
    service: readServiceName(resource.attributes),
    runtime: runtime === '' ? null : runtime,
    httpStatus: readHttpStatus(span) ?? readHttpStatus(found.root) ?? null,
    millis: readSpanMillis(span),
    clock: readClockTrust(resource.attributes),
  }
}
