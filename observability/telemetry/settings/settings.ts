import { endpoint, type Headers, headerPairs, readableUrl, resourcePairs } from './setting-kinds.ts'
import {
  createVariableReader,
  type Kind,
  type SettingWarning,
  type VariableReader,
  type Variables,
} from './variable-reader.ts'

/** Telemetry as the standard `OTEL_*` variables ask for it; the same names on every runtime. */
export type TelemetrySettings = {
  /** `OTEL_SDK_DISABLED`: no spans, no exported records, no headers; the service is as if telemetry did not exist. */
  readonly disabled: boolean
  /** `OTEL_SERVICE_NAME`, or else `service.name` of `OTEL_RESOURCE_ATTRIBUTES`, or else the name that its application has. */
  readonly serviceName: string
  /** `OTEL_RESOURCE_ATTRIBUTES`, which win over what a runtime says of itself. */
  readonly resourceAttributes: Readonly<Record<string, string>>
  /** `OTEL_PROPAGATORS`; none of them: no caller's trace is continued. */
  readonly propagators: readonly Propagator[]
  readonly traces: SignalSettings
  readonly logs: SignalSettings
  readonly sampler: SamplerSettings
  /** @see ServerSpanOptions.trustForwarded */
  readonly trustForwarded?: boolean
  readonly limits: LimitSettings
  /** What was set and is not obeyed, a sentence each, for the log. */
  readonly warnings: readonly SettingWarning[]
}

/** A format in which the context of a trace travels in headers: `traceparent` or `baggage`. */
export type Propagator = 'tracecontext' | 'baggage'

/** How one signal leaves the process. */
export type SignalSettings = {
  /** `OTEL_TRACES_EXPORTER`, `OTEL_LOGS_EXPORTER`: `none` keeps the signal inside. */
  readonly exporter: 'otlp' | 'none'
  /** Where to POST, the signal's path included; without user and password, which are a header. */
  readonly url: string
  readonly headers: Headers
  readonly compression: 'gzip' | 'none'
  /** How long one export may take, in milliseconds. */
  readonly timeoutMillis: number
  /** How long an ended span or a record may wait for company, in milliseconds. */
  readonly delayMillis: number
  /** Spans or records kept while they cannot be sent, if they fit; what comes on top is dropped and counted. */
  readonly queueMax: number
  /** Spans or records in one request. */
  readonly batchMax: number
}

/** Which traces are recorded: `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`. */
export type SamplerSettings = {
  readonly root: 'always_on' | 'always_off' | 'traceidratio'
  /** Whether a sampled parent decides before `root` does. */
  readonly parentBased: boolean
  /** For `traceidratio`, 0 to 1. */
  readonly ratio: number
}

/** How much of a span and of a log record is kept. */
export type LimitSettings = {
  readonly spanAttributesMax: number
  readonly spanAttributeCharactersMax: number
  readonly spanEventsMax: number
  readonly spanLinksMax: number
  readonly eventAttributesMax: number
  readonly linkAttributesMax: number
  readonly recordAttributesMax: number
  readonly recordAttributeCharactersMax: number
}

/** What the specification wants whole numbers to reach, and what `setTimeout` can take. */
const wholeMax = 2 ** 31 - 1
/** 23 days, for a time-out of 0, which is none. */
const endlessMillis = 2_000_000_000
const queueItemsMax = 1_000_000
/** A header may have 16 kB; a span or a record of ours keeps less of it. */
const attributeCharactersMax = 4096

/**
 * Reads the `OTEL_*` variables. None of them stops a service: what cannot be used is warned about, and is as if it was
 * not set.
 *
 * The defaults are the specification's, but for four. An export may take 0.8 s and not 10 s, because a stop or a Lambda
 * has to wait for it; with less than that the exporter makes no second attempt of its own, which the drain does better.
 * Spans leave after 1 s and not 5 s, because somebody is watching. As many wait as fit into a bound of bytes, and not
 * 2048, so that an outage of half a minute loses nothing. And a value keeps 4096 characters, not all.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function parseTelemetrySettings(
  variables: Variables,
  serviceName = 'unknown_service',
): TelemetrySettings {
  const reader = createVariableReader(variables)
  const resourceAttributes = reader.read(resourcePairs, {}, 'OTEL_RESOURCE_ATTRIBUTES')
  const settings = {
    disabled: reader.read(truth, false, 'OTEL_SDK_DISABLED'),
    serviceName: reader.read(
      anyText,
      resourceAttributes['service.name'] ?? serviceName,
      'OTEL_SERVICE_NAME',
    ),
    resourceAttributes,
    propagators: parsePropagators(reader),
    traces: parseSignal(reader, 'TRACES', 'OTEL_BSP'),
    logs: parseSignal(reader, 'LOGS', 'OTEL_BLRP'),
    sampler: parseSampler(reader),
    limits: parseLimits(reader),
  }
  // Those of Deno are for Deno itself.
  const unread = reader.listUnread('OTEL_').filter((name) => !name.startsWith('OTEL_DENO'))
  if (unread.length > 0)
    reader.warn(
      unread.join(','),
      `${unread.slice(0, 20).join(', ')}: not used by this service; its documentation lists what is`,
    )
  return { ...settings, warnings: reader.warnings }
}

function parsePropagators(reader: VariableReader): readonly Propagator[] {
  const chosen = reader.readList(
    'OTEL_PROPAGATORS',
    ['tracecontext', 'baggage', 'none'],
    ['tracecontext', 'baggage'],
  )
  return chosen.filter((name) => name !== 'none')
}

function parseSignal(
  reader: VariableReader,
  signal: 'TRACES' | 'LOGS',
  batch: string,
): SignalSettings {
  /** The names of a setting: the signal's own goes first. */
  const names = (setting: string) => [
    `OTEL_EXPORTER_OTLP_${signal}_${setting}`,
    `OTEL_EXPORTER_OTLP_${setting}`,
  ]
  reader.read(protocol, 'http/protobuf', ...names('PROTOCOL'))
  const { url, headers } = parseEndpoint(reader, signal)
  const [ownHeaders = '', commonHeaders = ''] = names('HEADERS')
  const queueMax = reader.read(whole(1, queueItemsMax), queueItemsMax, `${batch}_MAX_QUEUE_SIZE`)
  return {
    exporter: reader
      .readList(`OTEL_${signal}_EXPORTER`, ['otlp', 'none'], ['otlp'])
      .includes('otlp')
      ? 'otlp'
      : 'none',
    url,
    headers: {
      ...headers,
      ...reader.read(headerPairs, {}, commonHeaders),
      ...reader.read(headerPairs, {}, ownHeaders),
    },
    compression: reader.read(choice('gzip', 'none'), 'none', ...names('COMPRESSION')),
    timeoutMillis: Math.min(
      reader.read(timeout, 800, ...names('TIMEOUT')),
      reader.read(timeout, 30_000, `${batch}_EXPORT_TIMEOUT`),
    ),
    delayMillis: reader.read(whole(0, wholeMax), 1000, `${batch}_SCHEDULE_DELAY`),
    queueMax,
    batchMax: Math.min(
      queueMax,
      reader.read(whole(1, wholeMax), 512, `${batch}_MAX_EXPORT_BATCH_SIZE`),
    ),
  }
}

/** A signal's own endpoint is taken as it is; the common one gets the signal's path. */
function parseEndpoint(reader: VariableReader, signal: 'TRACES' | 'LOGS') {
  const common = 'OTEL_EXPORTER_OTLP_ENDPOINT'
  const path = `/v1/${signal.toLowerCase()}`
  const given = reader.read(endpoint, { url: 'http://localhost:4318', headers: {} }, common)
  const url = new URL(given.url)
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`
  const used = reader.read(
    endpoint,
    { url: url.href, headers: given.headers },
    `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`,
  )
  const [doubled] = /\/v1\/(traces|logs|metrics)(?=\/v1\/\w+$)/.exec(url.pathname) ?? []
  if (doubled !== undefined && used.url === url.href)
    reader.warn(
      common,
      `${common}: ends in ${doubled}, and every signal adds its own path, so that telemetry goes to ${readableUrl(used.url)}; leave ${doubled} out`,
    )
  return used
}

const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

function parseSampler(reader: VariableReader): SamplerSettings {
  const name = reader.read(choice(...samplerNames), 'parentbased_always_on', 'OTEL_TRACES_SAMPLER')
  const parentBased = name.startsWith('parentbased_')
  const ratio = reader.read(probability, 1, 'OTEL_TRACES_SAMPLER_ARG')
  switch (name) {
    case 'always_off':
    case 'parentbased_always_off':
      return { root: 'always_off', parentBased, ratio: 0 }
    case 'traceidratio':
    case 'parentbased_traceidratio':
      return { root: 'traceidratio', parentBased, ratio }
    default:
      return { root: 'always_on', parentBased, ratio: 1 }
  }
}

/** A limit of spans or of records goes before the one of all attributes. */
function parseLimits(reader: VariableReader): LimitSettings {
  const count = (...names: readonly string[]) => reader.read(whole(0, wholeMax), 128, ...names)
  // The SDK takes 0 characters for no limit.
  const characters = (name: string) =>
    reader.read(
      whole(1, wholeMax),
      attributeCharactersMax,
      name,
      'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    )
  return {
    spanAttributesMax: count('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'),
    spanAttributeCharactersMax: characters('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
    spanEventsMax: count('OTEL_SPAN_EVENT_COUNT_LIMIT'),
    spanLinksMax: count('OTEL_SPAN_LINK_COUNT_LIMIT'),
    eventAttributesMax: count('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT'),
    linkAttributesMax: count('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT'),
    recordAttributesMax: count(
      'OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT',
      'OTEL_ATTRIBUTE_COUNT_LIMIT',
    ),
    recordAttributeCharactersMax: characters('OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
  }
}

const anyText: Kind<string> = { expected: 'text', parse: (value) => value }

/** Only this one word is true, says the specification. */
const truth: Kind<boolean> = {
  expected: 'true or false',
  parse(value) {
    const word = choice('true', 'false').parse(value)
    return word === undefined ? undefined : word === 'true'
  },
}

const protocol: Kind<'http/protobuf'> = {
  ...choice('http/protobuf'),
  expected: 'http/protobuf, the one that every runtime has here',
}

const probability: Kind<number> = {
  expected: 'a number from 0 to 1',
  parse: (value) => (Number(value) >= 0 && Number(value) <= 1 ? Number(value) : undefined),
}

/** 0 is none. */
const timeout: Kind<number> = {
  expected: `milliseconds as a whole number, or 0 for no limit`,
  parse(value) {
    const millis = whole(0, wholeMax).parse(value)
    return millis === 0 ? endlessMillis : millis && Math.min(millis, endlessMillis)
  },
}

function whole(min: number, max: number): Kind<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse(value) {
      const number = Number(value)
      return /^\d+$/.test(value) && number >= min && number <= max ? number : undefined
    },
  }
}

function choice<const T extends string>(...allowed: readonly T[]): Kind<T> {
  return {
    expected: `one of ${allowed.join(', ')}`,
    parse: (value) => allowed.find((candidate) => candidate === value.toLowerCase()),
  }
}
