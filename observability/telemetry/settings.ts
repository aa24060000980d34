/** Telemetry as the standard `OTEL_*` variables ask for it; the same names on every runtime. */
export type TelemetrySettings = {
  /** `OTEL_SDK_DISABLED`: no spans, no exported records, no headers; the service is as if telemetry did not exist. */
  readonly disabled: boolean
  /** `OTEL_SERVICE_NAME`, or else `service.name` of `OTEL_RESOURCE_ATTRIBUTES`, or else `todo-api`. */
  readonly serviceName: string
  /** `OTEL_RESOURCE_ATTRIBUTES`, which win over what a runtime says of itself. */
  readonly resourceAttributes: Readonly<Record<string, string>>
  readonly traces: SignalSettings
  readonly logs: SignalSettings
  readonly sampler: SamplerSettings
  /** @see ServerSpanOptions.trustForwarded */
  readonly trustForwarded?: boolean
}

/** How one signal leaves the process. */
export type SignalSettings = {
  /** `OTEL_TRACES_EXPORTER`, `OTEL_LOGS_EXPORTER`: `none` keeps the signal inside. */
  readonly exporter: 'otlp' | 'none'
  /** Where to POST, the signal's path included. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** How long one export may take, in milliseconds. */
  readonly timeoutMillis: number
  /** How long an ended span or a record may wait for company, in milliseconds. */
  readonly delayMillis: number
  /** Spans or records kept while they cannot be sent; what comes on top is dropped and counted. */
  readonly queueMax: number
  /** Spans or records in one request. */
  readonly batchMax: number
}

export type SamplerSettings = {
  readonly root: 'always_on' | 'always_off' | 'traceidratio'
  /** Whether a sampled parent decides before `root` does. */
  readonly parentBased: boolean
  /** For `traceidratio`, 0 to 1. */
  readonly ratio: number
}

/**
 * Variables by name, as `process.env` or a Worker's bindings hold them. A binding may be a number or a boolean; whatever
 * else it may be is not a variable.
 */
export type Variables = Readonly<Record<string, unknown>>

/** `setTimeout` takes a longer time for none at all. */
const millisMax = 600_000
const queueItemsMax = 1_000_000

/**
 * Reads the `OTEL_*` variables.
 *
 * The defaults are the specification's, but for three that hurt here. An export may take 0.8 s and not 10 s, because a
 * stop or a Lambda has to wait for it; with less than that the exporter makes no second attempt of its own, which the
 * drain does better. Spans leave after 1 s and not 5 s, because somebody is watching. And a batch has 128 spans and not
 * 512, because a large one is serialised in one go and requests wait meanwhile.
 *
 * @throws Error that names the variable, what it holds (unless that is secret) and what it may hold.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function parseTelemetrySettings(variables: Variables): TelemetrySettings {
  const resourceAttributes = pairs(variables, 'OTEL_RESOURCE_ATTRIBUTES')
  return {
    disabled: text(variables, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true',
    serviceName:
      text(variables, 'OTEL_SERVICE_NAME') ?? resourceAttributes['service.name'] ?? 'todo-api',
    resourceAttributes,
    traces: parseSignal(variables, 'TRACES', 'OTEL_BSP'),
    logs: parseSignal(variables, 'LOGS', 'OTEL_BLRP'),
    sampler: parseSampler(variables),
  }
}

function parseSignal(
  variables: Variables,
  signal: 'TRACES' | 'LOGS',
  batch: string,
): SignalSettings {
  const common = 'OTEL_EXPORTER_OTLP'
  const own = `${common}_${signal}`
  requireJson(variables, `${own}_PROTOCOL`, `${common}_PROTOCOL`)
  const queueMax = whole(variables, `${batch}_MAX_QUEUE_SIZE`, 1, queueItemsMax) ?? 2048
  return {
    exporter: choice(variables, `OTEL_${signal}_EXPORTER`, ['otlp', 'none']) ?? 'otlp',
    url: parseUrl(variables, signal),
    headers: {
      ...parseHeaders(variables, `${common}_HEADERS`),
      ...parseHeaders(variables, `${own}_HEADERS`),
    },
    timeoutMillis:
      whole(variables, `${own}_TIMEOUT`, 1, millisMax) ??
      whole(variables, `${common}_TIMEOUT`, 1, millisMax) ??
      800,
    delayMillis: whole(variables, `${batch}_SCHEDULE_DELAY`, 0, millisMax) ?? 1000,
    queueMax,
    batchMax: Math.min(
      queueMax,
      whole(variables, `${batch}_MAX_EXPORT_BATCH_SIZE`, 1, queueItemsMax) ?? 128,
    ),
  }
}

function requireJson(variables: Variables, own: string, common: string): void {
  const name = text(variables, own) === undefined ? common : own
  const protocol = text(variables, name) ?? 'http/json'
  if (protocol !== 'http/json')
    throw unexpected(name, protocol, 'http/json, the one that works on every runtime')
}

/** A signal's own endpoint is taken as it is; the common one gets the signal's path. */
function parseUrl(variables: Variables, signal: 'TRACES' | 'LOGS'): string {
  const own = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`
  const given = text(variables, own)
  if (given !== undefined) return httpUrl(own, given).href
  const common = text(variables, 'OTEL_EXPORTER_OTLP_ENDPOINT') ?? 'http://localhost:4318'
  const url = httpUrl('OTEL_EXPORTER_OTLP_ENDPOINT', common)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal.toLowerCase()}`
  return url.href
}

function httpUrl(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw unexpected(name, value, 'an http:// or https:// URL')
}

function parseSampler(variables: Variables): SamplerSettings {
  const name = choice(variables, 'OTEL_TRACES_SAMPLER', [
    'always_on',
    'always_off',
    'traceidratio',
    'parentbased_always_on',
    'parentbased_always_off',
    'parentbased_traceidratio',
  ])
  const parentBased = name === undefined || name.startsWith('parentbased_')
  switch (name) {
    case 'always_off':
    case 'parentbased_always_off':
      return { root: 'always_off', parentBased, ratio: 0 }
    case 'traceidratio':
    case 'parentbased_traceidratio':
      return { root: 'traceidratio', parentBased, ratio: parseRatio(variables) }
    default:
      return { root: 'always_on', parentBased, ratio: 1 }
  }
}

function parseRatio(variables: Variables): number {
  const value = text(variables, 'OTEL_TRACES_SAMPLER_ARG') ?? '1'
  const ratio = Number(value)
  if (ratio >= 0 && ratio <= 1) return ratio
  throw unexpected('OTEL_TRACES_SAMPLER_ARG', value, 'a number from 0 to 1')
}

/** An empty variable counts as one that is not set, as the specification wants it. */
function text(variables: Variables, name: string): string | undefined {
  const value = variables[name]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** `name=value` pairs between commas, percent-encoded, as in the W3C's `baggage` without its metadata. */
function pairs(variables: Variables, name: string): Readonly<Record<string, string>> {
  const entries = (text(variables, name) ?? '').split(',').filter((entry) => entry.trim() !== '')
  return Object.fromEntries(
    entries.map((entry, i) => {
      const equals = entry.indexOf('=')
      const key = decode(entry.slice(0, Math.max(0, equals)).trim())
      const value = decode(entry.slice(equals + 1).trim())
      // What came is not quoted: among headers it is a key.
      if (key === undefined || key === '' || value === undefined)
        throw new Error(
          `${name}: expected name=value pairs between commas, percent-encoded, got something else as number ${i + 1}`,
        )
      return [key, value]
    }),
  )
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Names and values as RFC 9110 §5 allows them: any others would fail every export. */
function parseHeaders(variables: Variables, name: string): Readonly<Record<string, string>> {
  const headers = pairs(variables, name)
  for (const [key, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(key)) throw unexpected(name, key, 'names of headers')
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new Error(`${name}: expected a value that a header may have for ${key}, got another`)
  }
  return headers
}

function whole(variables: Variables, name: string, min: number, max: number): number | undefined {
  const value = text(variables, name)
  if (value === undefined) return undefined
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= min && number <= max) return number
  throw unexpected(name, value, `a whole number from ${min} to ${max}`)
}

function choice<const T extends string>(
  variables: Variables,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = text(variables, name)
  if (value === undefined) return undefined
  const found = allowed.find((candidate) => candidate === value)
  if (found !== undefined) return found
  throw unexpected(name, value, `one of ${allowed.join(', ')}`)
}

function unexpected(name: string, value: string, expected: string): Error {
  return new Error(`${name}: expected ${expected}, got ${JSON.stringify(value.slice(0, 80))}`)
}
