import { readFile, stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { invertKnown } from '../observability/comparison/invert-known.ts'
import type { KnownDifference } from '../observability/comparison/known-differences.ts'
import { parseReport, reportBytesMax } from '../observability/comparison/parse-report.ts'
import type { Report } from '../observability/comparison/report-schema.ts'
import { parseScenario } from '../observability/driver/parse-scenario.ts'
import { runComparison as run } from '../observability/driver/run-comparison.ts'
import type { NamedRuntime } from '../observability/driver/run-results.ts'
import type { Scenario } from '../observability/driver/scenario.ts'
import { createTraceSource } from '../observability/driver/trace-source.ts'
import type { CompareArguments } from './compare-arguments.ts'
import type { Places } from './compare-places.ts'
import type { Progress } from './compare-progress.ts'
import { projectFolder } from './project-folder.ts'
import { runtimes } from './runtimes.ts'
import todoScenario from './scenario.ts'
import { describeError, StartError } from './start-error.ts'

/** Requests of one run, so that neither this process nor the collector has to hold more. */
export const requestsMax = 40_000

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
}: ComparisonRun): Promise<Report> {
  const { collectorUrl, runtimes: compared } = places
  const requests = given.rounds * scenario.operations.length * compared.length
  if (requests > requestsMax) {
    throw new StartError(
      `${given.rounds} rounds of ${scenario.operations.length} operations on ${compared.length} runtimes are ${requests} requests; expected at most ${requestsMax}, choose fewer with --rounds`,
    )
  }
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
  return run({
    ...given,
    runtimes: compared,
    // A reference that could not be launched leaves the first that could.
    reference:
      compared.find(({ name }) => name === given.reference)?.name ?? compared[0]?.name ?? '',
    scenario,
    source: createTraceSource(address, readTraceHeaders()),
    sendTo:
      collectorUrl === null
        ? null
        : {
            url: collectorUrl,
            headers: readHeaders('OTEL_EXPORTER_OTLP_HEADERS'),
            version: tool.version,
          },
    settleMillis: places.settleMillis,
    waitMillisMax: given.waitSeconds * 1000,
    findKnown: (own, reference) =>
      findKnown(
        own,
        reference,
        given.targets.some(({ name }) => name === own.name),
      ),
    baseline,
    tool,
    machine: readMachine(),
    createdAt: new Date().toISOString(),
    onPhase: progress.show,
    signal,
  })
}

/** @throws StartError when the file is none, or has no scenario in it. */
export async function readScenario(path: string | null): Promise<Scenario> {
  if (path === null) return todoScenario
  try {
    const file: { readonly default?: unknown } = await import(pathToFileURL(path).href)
    return parseScenario(file.default)
  } catch (cause) {
    throw new StartError(`--scenario ${path}: ${describeError(cause)}`, { cause })
  }
}

/** @throws StartError when the file cannot be read, or is not of this version. */
export async function readBaseline(path: string | null): Promise<Report | null> {
  if (path === null) return null
  try {
    const { size } = await stat(path)
    if (size > reportBytesMax) {
      throw new Error(`expected at most ${reportBytesMax} bytes, got ${size}`)
    }
    return parseReport(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new StartError(`--baseline ${path}: ${describeError(cause)}`, { cause })
  }
}

/**
 * What the list says of that runtime, under the name it is compared by. The list speaks of local
 * runtimes against the first of them; what is elsewhere, or compared with another, differs in
 * that too, though perhaps not in all of it.
 */
function findKnown(
  own: NamedRuntime,
  reference: NamedRuntime,
  isTarget: boolean,
): readonly KnownDifference[] {
  if (own.name === reference.name) return []
  const isUsual = (reference.runtime ?? reference.name) === runtimes[0]?.name
  const declared = listKnown(own).map((known) => ({
    ...known,
    runtime: own.name,
    mayBeAbsent: isTarget || !isUsual,
  }))
  return isUsual ? declared : [...declared, ...invertKnown(listKnown(reference), own.name)]
}

function listKnown({ name, runtime }: NamedRuntime): readonly KnownDifference[] {
  return runtimes.find((one) => one.name === (runtime ?? name))?.knownDifferences ?? []
}

async function readTool(): Promise<Report['tool']> {
  const text = await readFile(join(projectFolder, 'package.json'), 'utf8')
  return v.parse(v.object({ name: v.string(), version: v.string() }), JSON.parse(text))
}

function readMachine(): Report['settings']['machine'] {
  const processors = cpus()
  return {
    platform: `${process.platform}-${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.versions.node,
  }
}

function readTraceHeaders(): Readonly<Record<string, string>> {
  const token = process.env.COMPARE_TRACES_TOKEN
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...readHeaders('COMPARE_TRACES_HEADERS'),
  }
}

/** As `OTEL_EXPORTER_OTLP_HEADERS` is written: `name=value`, percent-encoded, with commas between them. */
function readHeaders(variable: string): Readonly<Record<string, string>> {
  const pairs = (process.env[variable] ?? '').split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new StartError(`${variable}: expected name=value, got a part without =`)
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
    }),
  )
}
