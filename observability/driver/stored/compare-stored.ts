import { judgeConventions } from '../../comparison/conventions/judge-conventions.ts'
import type { Registry } from '../../comparison/conventions/registry/registry.ts'
import type { KnownDifference } from '../../comparison/differences/known-differences.ts'
import { type VolatileRule, volatileRules } from '../../comparison/differences/volatile-rules.ts'
import { compareOperations } from '../../comparison/operations/compare-operations.ts'
import type { OperationResult, Repetition } from '../../comparison/operations/operation-result.ts'
import type { PlayedFacts } from '../../comparison/operations/played-facts.ts'
import { buildReport } from '../../comparison/report/build-report.ts'
import { type FailOn, judgeReport, renderFailOn } from '../../comparison/report/judge-report.ts'
import type { Report } from '../../comparison/report/report-schema.ts'
import { findFailures } from './find-failures.ts'
import type { StoredRequest } from './group-requests.ts'

type StoredComparison = {
  /** In the order in which they are shown. */
  readonly groups: ReadonlyMap<string, readonly StoredRequest[]>
  readonly reference: string
  /** The attribute by which requests are grouped, whose values differ by definition; `null` for none. */
  readonly by: string | null
  /** What is compared, for the report's head, such as `by service.version`. */
  readonly title: string
  /** Where the traces are from. */
  readonly source: string
  readonly known: readonly KnownDifference[]
  readonly failOn: FailOn
  /** The semantic conventions that all of it is held to. */
  readonly registry: Registry
} & Pick<Report, 'tool' | 'createdAt'> &
  Pick<Report['settings'], 'seed' | 'machine' | 'hasLogs'>

/** With fewer requests of an operation in a group, nothing is said of it. */
const requestsMin = 5
/** Of one operation in one group; the latest count. */
const requestsMax = 500
/** The most frequent ones. */
const operationsMax = 100

/**
 * Compares requests that are in stored traces: groups are what runtimes are elsewhere, and operations stand for
 * themselves, within route and status.
 *
 * Nothing pairs the requests of two groups, so their latencies are compared as independent samples: that takes more
 * requests for the same certainty than a played comparison does. What was not played equally often is no difference.
 */
export function compareStored(options: StoredComparison): Report {
  const { groups, reference } = options
  const all = tabulate(groups)
  const compared = [...all.keys()]
    .filter((operation) => isComparable(all.get(operation), reference))
    .slice(0, operationsMax)
  const results = compared.flatMap((operation) =>
    [...groups.keys()].map((group) =>
      createResult(operation, group, all.get(operation)?.get(group)),
    ),
  )
  const known = options.known.map((one) => ({ ...one, mayBeAbsent: true }))
  const comparison = compareOperations(results, {
    reference,
    known,
    hasAnswers: false,
    mayBeUnplayed: true,
    isSample: true,
    volatile: [...volatileRules, ...ruleOf(options.by)],
    hasLogs: options.hasLogs,
  })
  const requests = results.reduce((sum, { repetitions }) => sum + repetitions.length, 0)
  const failing = findFailures(groups, reference).map(({ sentence }) => sentence)
  const isEmpty =
    all.size === 0 ||
    (compared.length === 0 && failing.length === 0 && !asksForConventionsAlone(options.failOn))
  const report = buildReport(comparison, {
    createdAt: options.createdAt,
    tool: options.tool,
    status: isEmpty ? 'partial' : 'complete',
    problems: isEmpty
      ? [describeNothing(options)]
      : [...(options.failOn.parity ? [] : failing), ...describeLeftOut(all, compared, options)],
    settings: {
      scenario: options.title,
      rounds: Math.max(0, ...results.map(({ repetitions }) => repetitions.length)),
      warmUpRounds: 0,
      ratePerSecond: 0,
      seed: options.seed,
      traces: options.source,
      hasLogs: options.hasLogs,
      machine: options.machine,
      isPaired: false,
      failOn: renderFailOn(options.failOn),
    },
    measurement: { roundsPlayed: 0, requests, lateRequests: 0, lag: null, rejection: null },
    fanOuts: [],
    runtimes: [...groups.keys()].map((name) => ({
      name,
      kind: 'stored' as const,
      url: options.source,
      readyMillis: null,
    })),
    played: results.map((result) =>
      createFacts(result, all.get(result.operation)?.get(result.runtime) ?? []),
    ),
    conventions: judgeConventions(listResults(all), options.registry, { known }),
  })
  const failures = isEmpty
    ? []
    : [...(options.failOn.parity ? failing : []), ...judgeReport(report, options.failOn)]
  return {
    ...report,
    outcome: { failures, exitCode: isEmpty ? 2 : failures.length > 0 ? 1 : 0 },
  }
}

/** Whether a run is to fail by the conventions and by nothing else: one group can be held to them. */
export function asksForConventionsAlone({ parity, latencyRatioMax, conventions }: FailOn): boolean {
  return conventions !== undefined && !parity && latencyRatioMax === null
}

/** All requests, however few of an operation there are: a single one can break the conventions. */
function listResults(all: ReadonlyMap<string, ByGroup>): readonly OperationResult[] {
  return [...all].flatMap(([operation, groups]) =>
    [...groups].map(([runtime, requests]) => ({
      operation,
      runtime,
      repetitions: requests.slice(-requestsMax).map(toRepetition),
    })),
  )
}

function ruleOf(by: string | null): readonly VolatileRule[] {
  return by === null
    ? [{ key: 'service.version', ignore: 'value', reason: 'files and runs may be of two versions' }]
    : [{ key: by, ignore: 'value', reason: 'what the groups are told by' }]
}

type ByGroup = ReadonlyMap<string, readonly StoredRequest[]>

/** By operation, the most frequent first, then by group. */
function tabulate(groups: StoredComparison['groups']): ReadonlyMap<string, ByGroup> {
  const all = new Map<string, Map<string, StoredRequest[]>>()
  for (const [group, requests] of groups) {
    for (const request of requests) {
      const own = all.get(request.operation) ?? new Map<string, StoredRequest[]>()
      all.set(request.operation, own)
      const list = own.get(group) ?? []
      own.set(group, list)
      list.push(request)
    }
  }
  const size = (own: ByGroup) => [...own.values()].reduce((sum, { length }) => sum + length, 0)
  return new Map([...all].sort(([, a], [, b]) => size(b) - size(a)))
}

function isComparable(own: ByGroup | undefined, reference: string): boolean {
  const enough = [...(own ?? [])].filter(([, { length }]) => length >= requestsMin)
  return enough.length > 1 && enough.some(([group]) => group === reference)
}

function createResult(
  operation: string,
  runtime: string,
  requests: readonly StoredRequest[] = [],
): OperationResult {
  const kept = requests.length < requestsMin ? [] : requests.slice(-requestsMax)
  return {
    operation,
    runtime,
    repetitions: kept.map(toRepetition),
  }
}

function toRepetition({ trace, millis }: StoredRequest): Repetition {
  // What a client saw was not stored; the server's own time stands for it.
  return { answer: null, trace, clientMillis: millis }
}

function createFacts(
  { operation, runtime, repetitions }: OperationResult,
  [first]: readonly StoredRequest[],
): PlayedFacts {
  const millis = repetitions.map(({ clientMillis }) => clientMillis)
  return {
    operation,
    runtime,
    method: first?.method ?? '',
    path: first?.path ?? '',
    coldMillis: null,
    latencyByRound: millis,
    clientByRound: millis,
    traceByRound: repetitions.map(({ trace }) => trace),
  }
}

/** Operations named in the sentence; how many more there are is said. */
const namesMax = 5

function describeLeftOut(
  all: ReadonlyMap<string, ByGroup>,
  compared: readonly string[],
  { groups, reference }: StoredComparison,
): readonly string[] {
  if (groups.size === 1)
    return [`${reference} is alone: it is held to the conventions, and to nothing else`]
  const left = [...all.keys()].filter((operation) => !compared.includes(operation))
  const few = compared.flatMap((operation) =>
    [...groups.keys()]
      .filter((group) => (all.get(operation)?.get(group)?.length ?? 0) < requestsMin)
      .map((group) => `${operation} in ${group}`),
  )
  const sentences = [
    'times are of server spans, by the clock of each service; requests of two groups are not paired',
  ]
  if (left.length > 0)
    sentences.push(
      `not compared, for fewer than ${requestsMin} requests in ${reference} or in all others: ${list(left.map((operation) => `${operation} (${countByGroup(operation, all, groups)})`))}`,
    )
  if (few.length > 0) sentences.push(`too few to say anything: ${list(few)}`)
  return sentences
}

/** Such as `2 in one, 40 in the other`: a status that only one of them has may be what is wrong with it. */
function countByGroup(
  operation: string,
  all: ReadonlyMap<string, ByGroup>,
  groups: StoredComparison['groups'],
): string {
  const counts = all.get(operation)
  return [...groups.keys()]
    .map((group) => `${counts?.get(group)?.length ?? 0} in ${group}`)
    .join(', ')
}

function list(names: readonly string[]): string {
  const more = names.length - namesMax
  return `${names.slice(0, namesMax).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function describeNothing({ groups, reference, title }: StoredComparison): string {
  const found = [...groups].map(([name, { length }]) => `${name} (${length})`).join(', ')
  return `nothing was compared ${title}: expected two groups with ${requestsMin} requests of one operation, ${reference === '' ? '' : `${reference} among them; `}found ${found || 'none'}`
}
