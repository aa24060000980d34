import type { ExportResult } from '@opentelemetry/core'
import type { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'

/** The destination of one signal. `url` includes the path, such as `/v1/traces`. */
export type ExporterOptions = {
  readonly url: string
  readonly headers: Record<string, string>
  readonly timeoutMillis: number
  readonly keepAlive: boolean
  readonly compression: CompressionAlgorithm
}

/** The part of the SDK's exporters that we call. `done` is called once, with an error if the batch did not arrive. */
export type Exporter<T> = { export(items: T[], done: (result: ExportResult) => void): void }
