import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { SdkLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { SignalSettings } from './settings.ts'

/** Sends one batch; rejects when it did not arrive, and settles within the signal's time-out either way. */
export type Send<T> = (batch: readonly T[]) => Promise<void>

/**
 * Sends spans as OTLP JSON.
 *
 * Each batch has an exporter of its own: an exporter keeps count of what is under way, and on Workers a request that
 * is cut off would leave its count behind for ever.
 */
export function createSpanSend(settings: SignalSettings): Send<ReadableSpan> {
  return (batch) => sendOnce(new OTLPTraceExporter(exporterOptions(settings)), batch, settings)
}

/** Sends log records as OTLP JSON, in the same way. */
export function createRecordSend(settings: SignalSettings): Send<SdkLogRecord> {
  return (batch) => sendOnce(new OTLPLogExporter(exporterOptions(settings)), batch, settings)
}

/**
 * Whether what was refused may be sent again: by OTLP only after 429, 502, 503 and 504, or when no answer came.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
export function isRetryableExport(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') return true
  return [429, 502, 503, 504].includes(error.code)
}

type Exporter<T> = { export(items: T[], done: (result: ExportResult) => void): void }

function exporterOptions(settings: SignalSettings) {
  return {
    url: settings.url,
    headers: { ...settings.headers },
    timeoutMillis: settings.timeoutMillis,
  }
}

/** The exporter's own time-out has been seen to be late; this one is not. */
const graceMillis = 250

function sendOnce<T>(
  exporter: Exporter<T>,
  batch: readonly T[],
  settings: SignalSettings,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`no answer from ${settings.url} within ${settings.timeoutMillis} ms`)),
      settings.timeoutMillis + graceMillis,
    )
    exporter.export([...batch], (result) => {
      clearTimeout(late)
      if (result.code === ExportResultCode.SUCCESS) resolve()
      else reject(result.error ?? new Error(`export to ${settings.url} failed`))
    })
  })
}
