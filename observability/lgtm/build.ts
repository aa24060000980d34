import { CollectorMissingError } from '../collector-parity/collector-binary.ts'
import { ensureCollector } from '../collector-parity/ensure-collector.ts'
import { ensureProgram } from './build-program.ts'
import { ProgramMissingError, programs } from './programs.ts'

// Builds what `npm run test:lgtm` runs, once: the OpenTelemetry Collector, and Prometheus, Loki and
// Tempo from their Go modules. What is built stays in `.cache/`. `OTELCOL`, `PROMETHEUS`, `LOKI` and
// `TEMPO` name others.

try {
  const collector = await ensureCollector((text) => report('collector', text))
  report('collector', `${collector.version}: ${collector.path}`)
  for (const program of Object.values(programs)) {
    const path = await ensureProgram(program, (text) => report(program.name, text))
    report(program.name, `${program.title}: ${path}`)
  }
} catch (error) {
  if (!(error instanceof ProgramMissingError || error instanceof CollectorMissingError)) throw error
  process.stderr.write(`lgtm: ${error.message}\n`)
  process.exitCode = 2
}

function report(name: string, text: string): void {
  process.stderr.write(`${name}: ${text}\n`)
}
