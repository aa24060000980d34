import type { Report } from '../../observability/comparison/report/report-schema.ts'
import { listKnown } from '../../observability/driver/find-known.ts'
import { SourceError } from '../../observability/driver/sources/ask-source.ts'
import { hideCredentials } from '../../observability/driver/sources/credentials.ts'
import type { SourceAddress } from '../../observability/driver/sources/trace-source.ts'
import { compareStored } from '../../observability/driver/stored/compare-stored.ts'
import { nameGroups, type StoredPart } from '../../observability/driver/stored/name-groups.ts'
import {
  fetchRun,
  readStoredFile,
  searchTempo,
  type Window,
} from '../../observability/driver/stored/read-stored.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { StartError } from '../processes/start-error.ts'
import { runtimes } from '../runtimes.ts'
import { listDeclared } from './inputs/list-declared.ts'
import { readConventions } from './inputs/read-conventions.ts'
import type { Facts } from './inputs/read-facts.ts'
import type { StoredArguments } from './stored-arguments.ts'

const tempoWindowMillis = 3_600_000

/** What is asked, and where the traces are. */
type Asked = StoredArguments & { readonly traces: SourceAddress }

/**
 * Compares traces that are there already: in a collector, in a Tempo, in files.
 *
 * @throws StartError when they cannot be read.
 */
export async function compareTraces(
  given: Asked,
  headers: Readonly<Record<string, string>>,
  facts: Facts,
): Promise<Report> {
  const parts = await readParts(given, headers).catch((cause: unknown) => {
    const isSilent = cause instanceof SourceError && cause.status === null && !cause.isFinal
    const hint = isSilent
      ? '; `npm start` runs a collector, --traces names another, --a reads a file'
      : ''
    throw new StartError(`${describeError(cause)}${hint}`, { cause })
  })
  const groups = nameGroups(given, parts)
  const names = [...groups.keys()]
  const reference = given.reference ?? chooseReference(given, names)
  if (!groups.has(reference) && names.length > 0)
    throw new StartError(
      `--reference: expected one of ${names.join(', ')}, got ${JSON.stringify(reference)}`,
    )
  const declared = listDeclared(names)
  return compareStored({
    groups,
    reference,
    by: given.by,
    title: describeQuestion(given),
    source: describeSource(given),
    known: given.by === 'hono.runtime.name' ? listKnown(declared, names, reference) : [],
    failOn: given.failOn,
    registry: await readConventions(given.conventions),
    seed: given.seed,
    hasLogs: given.files.length > 0 || given.traces.kind === 'collector',
    createdAt: new Date().toISOString(),
    ...facts,
  })
}

async function readParts(
  { files, runs, traces, windowMillis }: Asked,
  headers: Readonly<Record<string, string>>,
): Promise<readonly StoredPart[]> {
  const now = Date.now()
  const window: Window | null =
    windowMillis === null ? null : { startMillis: now - windowMillis, endMillis: now }
  if (files.length > 0)
    return Promise.all(
      files.map(async ({ name, path }) => ({ name, contents: await readStoredFile(path) })),
    )
  if (traces.kind === 'tempo') {
    const tempoWindow = window ?? { startMillis: now - tempoWindowMillis, endMillis: now }
    return [{ name: 'tempo', contents: await searchTempo(traces, headers, tempoWindow) }]
  }
  const wanted = runs.length > 0 ? runs : ['current']
  return Promise.all(
    wanted.map(async (run) => ({
      name: run,
      contents: await fetchRun(traces, headers, run, window),
    })),
  )
}

/** By runtime, the first of the list; else the first group, which of versions is the oldest. */
function chooseReference({ by }: StoredArguments, names: readonly string[]): string {
  const usual =
    by === 'hono.runtime.name' ? runtimes.find(({ name }) => names.includes(name)) : undefined
  return usual?.name ?? names[0] ?? ''
}

function describeQuestion({ by, whereText }: StoredArguments): string {
  const question = by === null ? 'as they were stored' : `by ${by}`
  return whereText === '' ? question : `${question}, where ${whereText}`
}

function describeSource({ files, runs, traces }: Asked): string {
  if (files.length > 0) return files.map(({ path }) => path).join(', ')
  if (traces.kind === 'tempo') return `Tempo at ${hideCredentials(traces.url)}`
  return `the collector at ${hideCredentials(traces.url)}${runs.length > 0 ? `, runs ${runs.join(', ')}` : ''}`
}
