import type { ExportResult } from '@opentelemetry/core'
import type { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'

export type ExporterOptions = {
  readonly url: string
  readonly headers: Record<string, string>
  readonly timeoutMillis: number
  readonly keepAlive: boolean
  readonly compression: CompressionAlgorithm
}

export type Exporter<T> = { export(items: T[], done: (result: ExportResult) => void): void }
