import { CollectorMissingError } from '../collector/program/collector-binary.ts'
import { ensureCollector } from '../collector/program/ensure-collector.ts'
import { ensurePrometheus, PrometheusMissingError } from './ensure-prometheus.ts'

// Builds the OpenTelemetry Collector and Prometheus for `npm run test:lgtm`, once. The results stay in `.cache/`.
// `OTELCOL` and `PROMETHEUS` name others.

try {
  const collector = await ensureCollector((text) => report('collector', text))
  report('collector', `${collector.version}: ${collector.path}`)
  report('prometheus', await ensurePrometheus((text) => report('prometheus', text)))
} catch (error) {
  if (!(error instanceof PrometheusMissingError || error instanceof CollectorMissingError))
    throw error
  process.stderr.write(`lgtm: ${error.message}\n`)
  process.exitCode = 2
}

function report(name: string, text: string): void {
  process.stderr.write(`${name}: ${text}\n`)
}
