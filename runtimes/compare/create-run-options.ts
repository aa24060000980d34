import type { Registry } from '../../observability/comparison/conventions/registry/registry.ts'
import type { Report } from '../../observability/comparison/report/report-schema.ts'
import type { Scenario } from '../../observability/driver/play/scenario.ts'
import type { RunOptions } from '../../observability/driver/run-comparison.ts'
import { createLokiSource } from '../../observability/driver/sources/loki-logs.ts'
import {
  createTraceSource,
  joinLogs,
  type SourceAddress,
  type TraceSource,
} from '../../observability/driver/sources/trace-source.ts'
import { parseTelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import own from '../application.ts'
import { StartError } from '../processes/start-error.ts'
import type { CompareArguments } from './compare-arguments.ts'
import { listDeclared } from './inputs/list-declared.ts'
import type { Facts } from './inputs/read-facts.ts'
import { readTraceHeaders } from './inputs/read-trace-headers.ts'
import type { OpenTargets } from './open-targets.ts'

/**
 * What is compared and how, out of the command line and the targets that answer.
 *
 * @throws StartError when nothing says where the traces are.
 */
export function createRunOptions(
  given: CompareArguments,
  { collectorUrl, runtimes: compared, settleMillis, findEnded }: OpenTargets,
  inputs: {
    readonly scenario: Scenario
    readonly baseline: Report | null
    readonly registry: Registry
    readonly facts: Facts
  } & Pick<RunOptions, 'onPhase' | 'signal'>,
): RunOptions {
  const address =
    given.traces ??
    (collectorUrl === null ? null : { kind: 'collector' as const, url: collectorUrl })
  if (address === null) {
    throw new StartError('where are the traces? say it with --traces URL or --traces tempo:URL')
  }
  const { facts, ...rest } = inputs
  return {
    ...given,
    ...rest,
    ...facts,
    runtimes: compared,
    // A reference that could not be launched leaves the first that could.
    reference:
      compared.find(({ name }) => name === given.reference)?.name ?? compared[0]?.name ?? '',
    source: createSource(address, given.logs),
    sendTo:
      collectorUrl === null
        ? null
        : {
            url: collectorUrl,
            headers: parseTelemetrySettings(process.env).traces.headers,
            version: facts.tool.version,
          },
    settleMillis,
    waitMillisMax: given.waitSeconds * 1000,
    declared: listDeclared(
      // Another scenario or app touches less of the lists, and a target elsewhere too.
      (touchesAll(given) ? given.targets : compared).map(({ name }) => name),
    ),
    findEnded,
    createdAt: new Date().toISOString(),
  }
}

/** What the lists hold of statements and connections shows only in an application that has some. */
function touchesAll({ scenario, app }: CompareArguments): boolean {
  return scenario === null && app.app === undefined && own.database !== undefined
}

function createSource(address: SourceAddress, logs: string | null): TraceSource {
  const headers = readTraceHeaders()
  const traces = createTraceSource(address, headers)
  return logs === null ? traces : joinLogs(traces, createLokiSource(logs, headers))
}
