import { parseKeyPairsIntoRecord } from '@opentelemetry/core'

/** Telemetry as the standard `OTEL_*` variables ask for it; the same names on every runtime. */
export type TelemetrySettings = {
  /** `OTEL_SDK_DISABLED`: no spans, no exported records, no headers; the service is as if telemetry did not exist. */
  readonly disabled: boolean
  /** `OTEL_SERVICE_NAME`, `todo-api` by default. */
  readonly serviceName: string
  /** `OTEL_RESOURCE_ATTRIBUTES`, which win over what a runtime says of itself. */
  readonly resourceAttributes: Readonly<Record<string, string>>
  readonly traces: SignalSettings
  readonly logs: SignalSettings
  readonly sampler: SamplerSettings
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

/** Variables by name, as `process.env` or a Worker's bindings hold them. */
export type Variables = Readonly<Record<string, unknown>>

/**
 * Reads the `OTEL_*` variables.
 *
 * The defaults are the specification's, but for three that hurt here: an export may take 1 s and not 10 s,
 * because a stop or a Lambda has to wait for it; spans leave after 1 s and not 5 s, because somebody is watching;
 * and a batch has 128 spans and not 512, because a large one is serialised in one go and requests wait meanwhile.
 *
 * @throws Error that names the variable, what it holds and what it may hold.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function parseTelemetrySettings(variables: Variables): TelemetrySettings {
  return {
    disabled: (text(variables, 'OTEL_SDK_DISABLED') ?? 'false').toLowerCase() === 'true',
    serviceName: text(variables, 'OTEL_SERVICE_NAME') ?? 'todo-api',
    resourceAttributes: pairs(variables, 'OTEL_RESOURCE_ATTRIBUTES'),
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
  const own = `OTEL_EXPORTER_OTLP_${signal}`
  const protocol =
    text(variables, `${own}_PROTOCOL`) ?? text(variables, 'OTEL_EXPORTER_OTLP_PROTOCOL')
  if (protocol !== undefined && protocol !== 'http/json')
    throw unexpected(
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      protocol,
      'http/json, the one that works on every runtime',
    )

  const queueMax = whole(variables, `${batch}_MAX_QUEUE_SIZE`, 1) ?? 2048
  return {
    exporter: choice(variables, `OTEL_${signal}_EXPORTER`, ['otlp', 'none']) ?? 'otlp',
    url: parseUrl(variables, signal),
    headers: {
      ...pairs(variables, 'OTEL_EXPORTER_OTLP_HEADERS'),
      ...pairs(variables, `${own}_HEADERS`),
    },
    timeoutMillis:
      whole(variables, `${own}_TIMEOUT`, 1) ??
      whole(variables, 'OTEL_EXPORTER_OTLP_TIMEOUT', 1) ??
      1000,
    delayMillis: whole(variables, `${batch}_SCHEDULE_DELAY`, 0) ?? 1000,
    queueMax,
    batchMax: Math.min(queueMax, whole(variables, `${batch}_MAX_EXPORT_BATCH_SIZE`, 1) ?? 128),
  }
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
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function pairs(variables: Variables, name: string): Record<string, string> {
  return parseKeyPairsIntoRecord(text(variables, name))
}

function whole(variables: Variables, name: string, min: number): number | undefined {
  const value = text(variables, name)
  if (value === undefined) return undefined
  const number = Number(value)
  if (Number.isSafeInteger(number) && number >= min) return number
  throw unexpected(name, value, `a whole number from ${min}`)
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
