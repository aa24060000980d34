import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { ExportResultCode, suppressTracing } from '@opentelemetry/core'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'
import {
  type ISerializer,
  JsonLogsSerializer,
  JsonTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import type { SignalSettings } from '../settings/settings.ts'
import type { Exporter, ExporterOptions } from './exporter.ts'
import { createGzipExporter } from './gzip-exporter.ts'
import type { Held } from './held-bytes.ts'
import { renderRequest } from './render-request.ts'

/** Sends one batch; rejects with an `ExportError` when it did not arrive. Settles within the time-out either way. */
export type Send<T> = (batch: readonly T[]) => Promise<void>

/**
 * Whether one exporter may serve many batches, over connections that stay open.
 *
 * `lasting` saves a process a connection for each batch. `single` is for platforms that stop or cut off what is under
 * way: an exporter keeps count of its requests and would count those for ever, and a connection would be found dead.
 */
export type ExporterLife = 'lasting' | 'single'

/** Which of the SDK's builds a platform gets: the one for browsers, which sends by `fetch`, cannot compress. */
export type ExporterBuild = 'node' | 'fetch'

/** Sends spans as OTLP JSON. */
export function createSpanSend(
  settings: SignalSettings,
  life: ExporterLife,
  build: ExporterBuild = 'node',
): Send<Held> {
  return createSend(settings, life, (options) =>
    compressesHere(settings, build)
      ? createGzipExporter(options, spanSerializer)
      : handSerializer(new OTLPTraceExporter(options), spanSerializer),
  )
}

/** Sends log records as OTLP JSON. */
export function createRecordSend(
  settings: SignalSettings,
  life: ExporterLife,
  build: ExporterBuild = 'node',
): Send<Held> {
  return createSend(settings, life, (options) =>
    compressesHere(settings, build)
      ? createGzipExporter(options, recordSerializer)
      : handSerializer(new OTLPLogExporter(options), recordSerializer),
  )
}

type Serializer = ISerializer<Held[], unknown>

const spanSerializer: Serializer = {
  ...JsonTraceSerializer,
  serializeRequest: (spans) => renderRequest('spans', spans),
}
const recordSerializer: Serializer = {
  ...JsonLogsSerializer,
  serializeRequest: (records) => renderRequest('logRecords', records),
}

/** An exporter of the SDK's, with its transport, its retries and its time-outs, for what was encoded already. */
function handSerializer(exporter: Exporter<unknown>, serializer: Serializer): Exporter<Held> {
  const delegate: unknown = Reflect.get(exporter, '_delegate')
  if (typeof delegate !== 'object' || delegate === null || !('_serializer' in delegate))
    throw new Error(
      'the OTLP exporter: expected a delegate with a serializer; another version of it?',
    )
  delegate._serializer = serializer
  return exporter
}

function compressesHere({ compression }: SignalSettings, build: ExporterBuild): boolean {
  return compression === 'gzip' && build === 'fetch'
}

/** A batch did not arrive. */
export class ExportError extends Error {
  override readonly name = 'ExportError'
  /** Whether the same batch may be sent again. */
  readonly isRetryable: boolean

  constructor(message: string, isRetryable: boolean, cause?: unknown) {
    super(message, { cause })
    this.isRetryable = isRetryable
  }
}

/** Whether a batch that met this error may be sent again. */
export function isRetryableExport(error: unknown): boolean {
  return error instanceof ExportError && error.isRetryable
}

/** Sends by exporters of the SDK's, whichever build of them a platform gets. */
export function createSend<T>(
  settings: SignalSettings,
  life: ExporterLife,
  create: (options: ExporterOptions) => Exporter<T>,
): Send<T> {
  const { url, headers, timeoutMillis } = settings
  const keepAlive = life === 'lasting'
  const compression =
    settings.compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE
  const make = () => create({ url, headers: { ...headers }, timeoutMillis, keepAlive, compression })
  let kept: Exporter<T> | undefined
  return async (batch) => {
    const exporter = kept ?? make()
    // One that failed is not used again, with whatever it may still be waiting for.
    kept = undefined
    await context.with(unwatched, () => exportOnce(exporter, batch, timeoutMillis))
    if (keepAlive) kept = exporter
  }
}

/** A request of the exporter's belongs to no trace, least of all to that of the request whose timer it runs in. */
const unwatched = suppressTracing(ROOT_CONTEXT)

/** The exporter's own time-out is one of silence: of a receiver that sends a byte now and then, it never comes. */
const graceMillis = 200

function exportOnce<T>(
  exporter: Exporter<T>,
  batch: readonly T[],
  timeoutMillis: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new ExportError(`no answer within ${timeoutMillis} ms`, true)),
      timeoutMillis + graceMillis,
    )
    try {
      exporter.export([...batch], ({ code, error }) => {
        clearTimeout(late)
        if (code === ExportResultCode.SUCCESS) resolve()
        else reject(toExportError(error))
      })
    } catch (error) {
      clearTimeout(late)
      // What cannot be made into JSON now never can be: sent again, it would hold up the rest for ever.
      reject(new ExportError(`cannot be encoded: ${describe(error)}`, false, error))
    }
  })
}

/**
 * After an answer, the same batch may be sent again only if that was 429, 502, 503 or 504; and if there was none.
 *
 * The exporter for Node puts the status of a final refusal into `code`, the one for `fetch` into words. What may be
 * tried again has neither: the exporter has tried, as long as its time allowed.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
function toExportError(error: unknown): ExportError {
  const refusal = readRefusal(error)
  return refusal === undefined
    ? new ExportError(describe(error), true, error)
    : new ExportError(`answered ${refusal}`, false, error)
}

function readRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'number') return `${error.code} ${error.message}`
  return /non-retryable status (\d{3})/.exec(error.message)?.[1]
}

/** What is behind an error, which is what says why; an error of many, such as of two addresses, has only a code. */
function describe(error: unknown, causesMax = 5): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error && causesMax > 0) return describe(error.cause, causesMax - 1)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}
