import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { invertKnown } from '../../observability/comparison/differences/invert-known.ts'
import type { KnownDifference } from '../../observability/comparison/differences/known-differences.ts'
import type { Report } from '../../observability/comparison/report/report-schema.ts'
import type { NamedRuntime } from '../../observability/driver/create-results.ts'
import type { Scenario } from '../../observability/driver/play/scenario.ts'
import { type Run, runComparison as run } from '../../observability/driver/run-comparison.ts'
import { createLokiSource } from '../../observability/driver/sources/loki-logs.ts'
import {
  createTraceSource,
  joinLogs,
  type SourceAddress,
  type TraceSource,
} from '../../observability/driver/sources/trace-source.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { parseEncodedHeaders } from '../../observability/plumbing/parse-headers.ts'
import { parseTelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import { runtimes } from '../runtimes.ts'
import type { CompareArguments } from './compare-arguments.ts'
import type { Places } from './compare-places.ts'
import type { Progress } from './compare-progress.ts'

export type ComparisonRun = {
  readonly given: CompareArguments
  readonly places: Places
  readonly scenario: Scenario
  readonly baseline: Report | null
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Compares what is open; `runtimes.ts` says what is known to differ. */
export async function runComparison({
  given,
  places,
  scenario,
  baseline,
  progress,
  signal,
}: ComparisonRun): Promise<Run> {
  const { collectorUrl, runtimes: compared } = places
  const address =
    given.traces ??
    (collectorUrl === null ? null : { kind: 'collector' as const, url: collectorUrl })
  if (address === null) {
    throw new StartError('where are the traces? say it with --traces URL or --traces tempo:URL')
  }
  const tool = await readTool()
  const { rounds, seed } = given
  progress.print(
    `comparing ${compared.map(({ name }) => name).join(', ')}: ${rounds} rounds of ${scenario.name}, seed ${seed}`,
  )
  const { report, files } = await run({
    ...given,
    runtimes: compared,
    // A reference that could not be launched leaves the first that could.
    reference:
      compared.find(({ name }) => name === given.reference)?.name ?? compared[0]?.name ?? '',
    scenario,
    source: createSource(address, given.logs),
    sendTo:
      collectorUrl === null
        ? null
        : {
            url: collectorUrl,
            headers: parseTelemetrySettings(process.env).traces.headers,
            version: tool.version,
          },
    settleMillis: places.settleMillis,
    waitMillisMax: given.waitSeconds * 1000,
    findKnown: (own, reference) =>
      findKnown(
        own,
        reference,
        // What a scenario of one's own does not touch does not occur.
        given.scenario !== null ||
          given.app.app !== undefined ||
          given.targets.some(({ name }) => name === own.name),
      ),
    baseline,
    tool,
    machine: readMachine(),
    createdAt: new Date().toISOString(),
    onPhase: progress.show,
    signal,
  })
  // Why something stopped answering is known here alone.
  const ended = places.findEnded()
  const problems = ended === null ? report.problems : [ended, ...report.problems]
  return { report: { ...report, problems }, files }
}

function createSource(address: SourceAddress, logs: string | null): TraceSource {
  const headers = readTraceHeaders()
  const traces = createTraceSource(address, headers)
  return logs === null ? traces : joinLogs(traces, createLokiSource(logs, headers))
}

/**
 * What the list says of that runtime, under the name it is compared by. The list speaks of local
 * runtimes against the first of them, playing Todos; what is elsewhere, is compared with another, or
 * plays something else, differs in that too, though perhaps not in all of it.
 */
function findKnown(
  own: NamedRuntime,
  reference: NamedRuntime,
  mayBeAbsent: boolean,
): readonly KnownDifference[] {
  if (own.name === reference.name) return []
  const isUsual = (reference.runtime ?? reference.name) === runtimes[0]?.name
  const declared = listKnown(own).map((known) => ({
    ...known,
    runtime: own.name,
    mayBeAbsent: mayBeAbsent || !isUsual || known.mayBeAbsent === true,
  }))
  return isUsual ? declared : [...declared, ...invertKnown(listKnown(reference), own.name)]
}

function listKnown({ name, runtime }: NamedRuntime): readonly KnownDifference[] {
  return runtimes.find((one) => one.name === (runtime ?? name))?.knownDifferences ?? []
}

export async function readTool(): Promise<Report['tool']> {
  const text = await readFile(join(projectFolder, 'package.json'), 'utf8')
  return v.parse(v.object({ name: v.string(), version: v.string() }), JSON.parse(text))
}

export function readMachine(): Report['settings']['machine'] {
  const processors = cpus()
  return {
    platform: `${process.platform}-${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.versions.node,
  }
}

export function readTraceHeaders(): Readonly<Record<string, string>> {
  const { COMPARE_TRACES_TOKEN: token, COMPARE_TRACES_HEADERS: headers } = process.env
  try {
    return {
      ...(token && { authorization: `Bearer ${token}` }),
      ...parseEncodedHeaders('COMPARE_TRACES_HEADERS', headers),
    }
  } catch (cause) {
    throw new StartError(describeError(cause), { cause })
  }
}
