import type { TracesJson } from '../replay/parity-case.ts'

// OTLP/JSON in few words. Not made by our own encoder, which would only write what our model can
// hold: a sender writes what it likes.

/** An `AnyValue` as it stands on the wire. */
export type ValueJson = Readonly<Record<string, unknown>>
export type AttributesJson = readonly { readonly key: string; readonly value?: ValueJson }[]

export const text = (value: string): ValueJson => ({ stringValue: value })
export const int = (value: bigint | number): ValueJson => ({ intValue: String(value) })
export const bool = (value: boolean): ValueJson => ({ boolValue: value })
export const bytes = (base64: string): ValueJson => ({ bytesValue: base64 })
export const list = (...values: readonly ValueJson[]): ValueJson => ({ arrayValue: { values } })
export const map = (values: AttributesJson): ValueJson => ({ kvlistValue: { values } })
export const empty: ValueJson = {}

/** NaN and the infinities are texts in the JSON mapping of protobuf; -0 would lose its sign in `JSON.stringify`. */
export const double = (value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0'): ValueJson => ({
  doubleValue: value,
})

export function attributes(values: Readonly<Record<string, ValueJson>>): AttributesJson {
  return Object.entries(values).map(([key, value]) => ({ key, value }))
}

export type SpanOptions = {
  readonly name?: string
  readonly kind?: number
  readonly status?: number
  readonly attributes?: AttributesJson
  /** Start of the span; in 2023 by default. */
  readonly startNanos?: bigint
  /** 11 ms unless given. */
  readonly nanos?: bigint
  readonly traceId?: string
  readonly spanId?: string
  readonly traceState?: string
}

const startNanosDefault = 1_700_000_000_000_000_000n

export function span(options: SpanOptions = {}): object {
  const { startNanos = startNanosDefault, nanos = 11_000_000n } = options
  return {
    traceId: options.traceId ?? '0af7651916cd43dd8448eb211c80319c',
    spanId: options.spanId ?? 'b7ad6b7169203331',
    ...(options.traceState !== undefined && { traceState: options.traceState }),
    name: options.name ?? 'GET /',
    kind: options.kind ?? 2,
    startTimeUnixNano: String(startNanos),
    endTimeUnixNano: String(startNanos + nanos),
    attributes: options.attributes ?? [],
    status: options.status === undefined ? {} : { code: options.status },
  }
}

/** Spans of one resource and one scope. */
export function group(resource: AttributesJson, spans: readonly object[]): object {
  return { resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'test' }, spans }] }
}

export function request(...resourceSpans: readonly object[]): TracesJson {
  return { resourceSpans }
}

/** Spans of the service `web`. */
export function webSpans(...spans: readonly object[]): TracesJson {
  return request(group(attributes({ 'service.name': text('web') }), spans))
}

/** Ids that are as different as ids of spans are. */
export function ids(number: number): { readonly traceId: string; readonly spanId: string } {
  const hex = (number + 1).toString(16)
  return { traceId: `a${hex.padStart(31, '0')}`, spanId: `b${hex.padStart(15, '0')}` }
}
