import { CollectorMissingError } from './program/collector-binary.ts'
import { ensureCollector } from './program/ensure-collector.ts'

// Builds the OpenTelemetry Collector from `manifest.yaml` with its own builder, once: the result stays in `.cache/`
// until the manifest changes. `OTELCOL=path` uses another one.

try {
  const { path, version } = await ensureCollector(report)
  report(`${version}: ${path}`)
} catch (error) {
  if (!(error instanceof CollectorMissingError)) throw error
  report(error.message)
  process.exitCode = 2
}

function report(text: string): void {
  process.stderr.write(`collector: ${text}\n`)
}
