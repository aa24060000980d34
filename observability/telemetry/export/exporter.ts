import type { ExportResult } from '@opentelemetry/core'
import type {
  CompressionAlgorithm,
  OTLPExporterNodeConfigBase,
} from '@opentelemetry/otlp-exporter-base'

/** Makes what keeps the connections of an exporter for Node. */
export type CreateAgent = Extract<
  OTLPExporterNodeConfigBase['httpAgentOptions'],
  (protocol: string) => unknown
>

/** The destination of one signal. `url` includes the path, such as `/v1/traces`. */
export type ExporterOptions = {
  readonly url: string
  readonly headers: Record<string, string>
  readonly timeoutMillis: number
  readonly compression: CompressionAlgorithm
  readonly httpAgentOptions?: CreateAgent
  readonly keepAlive?: boolean
}

/** The part of the SDK's exporters that we call. `done` is called once, with an error if the batch did not arrive. */
export type Exporter<T> = { export(items: T[], done: (result: ExportResult) => void): void }
