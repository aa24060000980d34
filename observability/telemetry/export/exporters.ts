import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { ExportResultCode, suppressTracing } from '@opentelemetry/core'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'
import type { ISerializer } from '@opentelemetry/otlp-transformer'
import type { SignalSettings } from '../settings/settings.ts'
import type { Batch } from './batch.ts'
import type { CreateAgent, Exporter, ExporterOptions } from './exporter.ts'
import { createGzipExporter } from './gzip-exporter.ts'

/** Sends one batch; rejects with an `ExportError` when it did not arrive. Settles within the time-out either way. */
export type Send<T> = (batch: T) => Promise<void>

/** Which of the SDK's builds a platform gets: the one for browsers, which sends by `fetch`, cannot compress. */
export type ExporterBuild = 'node' | 'fetch'

/** What a platform says of how to send. */
export type SendOptions = {
  /** Defaults to the one for Node. */
  readonly exporterBuild?: ExporterBuild
  /** Of the build for Node. Defaults to one that keeps a connection for as long as the receiver does. */
  readonly createAgent?: CreateAgent
}

/** Sends spans as OTLP in protobuf. */
export function createSpanSend(settings: SignalSettings, platform: SendOptions = {}): Send<Batch> {
  return createSend(settings, platform, (options) =>
    compressesHere(settings, platform)
      ? createGzipExporter(options, serializer)
      : sendEncoded(new OTLPTraceExporter(options)),
  )
}

/** Sends log records as OTLP in protobuf. */
export function createRecordSend(
  settings: SignalSettings,
  platform: SendOptions = {},
): Send<Batch> {
  return createSend(settings, platform, (options) =>
    compressesHere(settings, platform)
      ? createGzipExporter(options, serializer)
      : sendEncoded(new OTLPLogExporter(options)),
  )
}

/** Why a part was refused is not read: the SDK would only tell its `diag`, to which nobody listens. */
export const serializer: ISerializer<Batch[], unknown> = {
  serializeRequest: ([batch]) => batch?.render(),
  deserializeResponse: () => ({}),
}

/** An exporter of the SDK's, with its transport, its retries and its time-outs, for what was encoded already. */
export function sendEncoded(exporter: Exporter<unknown>): Exporter<Batch> {
  const delegate = readObject(exporter, '_delegate')
  const parameters = readObject(
    readObject(readObject(delegate, '_transport'), '_transport'),
    '_parameters',
  )
  const headers: unknown = Reflect.get(parameters, 'headers')
  if (typeof headers !== 'function') throw new Error(unexpected('headers', headers))
  readObject(delegate, '_serializer')
  Reflect.set(delegate, '_serializer', serializer)
  Reflect.set(parameters, 'headers', async () => ({ ...(await headers()), ...contentType }))
  return exporter
}

function readObject(from: object, name: string): object {
  const value: unknown = Reflect.get(from, name)
  if (typeof value === 'object' && value !== null) return value
  throw new Error(unexpected(name, value))
}

const unexpected = (name: string, got: unknown) =>
  `the OTLP exporter of the SDK: expected ${name}, got ${typeof got}; another version of it?`
const contentType = { 'Content-Type': 'application/x-protobuf' }

function compressesHere({ compression }: SignalSettings, { exporterBuild }: SendOptions): boolean {
  return compression === 'gzip' && exporterBuild === 'fetch'
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
  { createAgent }: SendOptions,
  create: (options: ExporterOptions) => Exporter<T>,
): Send<T> {
  const { url, headers, timeoutMillis } = settings
  const compression =
    settings.compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE
  const make = () =>
    create({
      url,
      headers: { ...headers },
      timeoutMillis,
      compression,
      // Without either, the SDK obeys variables for certificates, which are documented to do nothing.
      ...(createAgent ? { httpAgentOptions: createAgent } : { keepAlive: true }),
    })
  let kept: Exporter<T> | undefined
  return async (batch) => {
    const exporter = kept ?? make()
    // One that failed or hangs is dropped: it counts a request that hangs for ever.
    kept = undefined
    await context.with(unwatched, () => exportOnce(exporter, batch, timeoutMillis))
    kept = exporter
  }
}

/** A request of the exporter's belongs to no trace, least of all to that of the request whose timer it runs in. */
const unwatched = suppressTracing(ROOT_CONTEXT)

/** The exporter's own time-out is one of silence: of a receiver that sends a byte now and then, it never comes. */
const graceMillis = 200

function exportOnce<T>(exporter: Exporter<T>, batch: T, timeoutMillis: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new ExportError(`no answer within ${timeoutMillis} ms`, true)),
      timeoutMillis + graceMillis,
    )
    try {
      exporter.export([batch], ({ code, error }) => {
        clearTimeout(late)
        if (code === ExportResultCode.SUCCESS) resolve()
        else reject(toExportError(error))
      })
    } catch (error) {
      clearTimeout(late)
      // What cannot be sent now never can be: tried again, it would hold up the rest for ever.
      reject(new ExportError(`cannot be sent: ${describe(error)}`, false, error))
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
