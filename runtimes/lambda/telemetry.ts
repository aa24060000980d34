import type { SignalSettings, TelemetrySettings } from '../../observability/telemetry/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import { serviceVersion } from '../service.ts'

/**
 * Telemetry of an execution environment: `drain` is to be waited for before an answer is returned, because the process
 * stands still from then on until the next event, which may never come.
 *
 * It resolves within `OTEL_EXPORTER_OTLP_TIMEOUT`, 1 s by default, for all there is to send. Exports give up earlier, so
 * that by then it is known that they failed: until the drain tries again, no answer waits at all.
 */
export function createLambdaTelemetry(settings: TelemetrySettings): Telemetry {
  const drainMillisMax = Math.max(settings.traces.timeoutMillis, settings.logs.timeoutMillis)
  const telemetry = createTelemetry({
    settings: {
      ...settings,
      traces: giveUpEarlier(settings.traces),
      logs: giveUpEarlier(settings.logs),
    },
    resource: {
      'service.version': serviceVersion,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'cloud.provider': 'aws',
      'cloud.platform': 'aws_lambda',
      ...readFunctionAttributes(),
      'hono.runtime.name': 'lambda',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'caller',
  })
  return { ...telemetry, drain: () => settleWithin(drainMillisMax, telemetry.drain()) }
}

function giveUpEarlier(signal: SignalSettings): SignalSettings {
  return { ...signal, timeoutMillis: Math.ceil(signal.timeoutMillis * 0.7) }
}

/** What Lambda tells a function about itself. */
function readFunctionAttributes(): Readonly<Record<string, string>> {
  const told = {
    'cloud.region': process.env.AWS_REGION,
    'faas.name': process.env.AWS_LAMBDA_FUNCTION_NAME,
    'faas.version': process.env.AWS_LAMBDA_FUNCTION_VERSION,
  }
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** Resolves when `work` has, or after so many milliseconds; work that takes longer goes on by itself. */
async function settleWithin(millis: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, millis)
    }),
  ])
  clearTimeout(timer)
}
