import packageJson from '../../../package.json' with { type: 'json' }
import { foldAlike } from '../../comparison/report/render/fold-differences.ts'
import type { Report } from '../../comparison/report/report-schema.ts'
import { conventionsDefault, readRegistry } from '../../driver/conventions/read-registry.ts'
import { type DeclaredDifferences, listKnown } from '../../driver/find-known.ts'
import { compareStored } from '../../driver/stored/compare-stored.ts'
import { findFailures } from '../../driver/stored/find-failures.ts'
import { declaredDifferencesSchema } from '../../wire/known-differences.ts'
import { AskError, type CollectorQuestions } from '../ask-collector.ts'
import { quote } from '../text/quote.ts'
import type { CompareRequest } from '../tools/compare-arguments.ts'
import { createFindingId, type Finding } from './finding.ts'
import { byDefault, type ComparedGroups, readGroups, tracesMax } from './read-groups.ts'

/** A difference as a report has it. */
export type ReportDifference = Report['differences'][number]

/** Groups of requests, compared as `npm run compare` compares stored traces. */
export type GroupComparison = ComparedGroups & {
  readonly report: Report
  readonly findings: readonly Finding[]
  /** What each of them that is a difference stands for, one of each operation. */
  readonly differences: ReadonlyMap<Finding, readonly ReportDifference[]>
  readonly notes: readonly string[]
}

/** @throws AskError when there is nothing to compare. */
export async function compareGroups(
  collector: CollectorQuestions,
  request: CompareRequest,
): Promise<GroupComparison> {
  const compared = await readGroups(collector, request)
  const { groups, by, title } = compared
  const names = [...groups.keys()]
  const declared = await readDeclared(collector, names)
  if (names.length === 0) throw new AskError(describeNothing(by))
  const reference = chooseReference(request.reference, names, declared.against)
  const report = compareStored({
    groups,
    reference,
    by,
    title,
    source: collector.url,
    known: by === byDefault ? listKnown(declared, names, reference) : [],
    failOn: { parity: true, latencyRatioMax: null },
    registry: await readRegistry(conventionsDefault),
    seed: 1,
    hasLogs: true,
    createdAt: new Date().toISOString(),
    tool: { name: packageJson.name, version: packageJson.version },
    machine: { platform: process.platform, cpu: '', cores: 0, node: process.versions.node },
  })
  const differences = new Map(listDifferences(report))
  return {
    ...compared,
    report,
    differences,
    findings: [...listFailures(compared, reference), ...differences.keys(), ...listTimes(report)],
    notes: [
      ...(compared.isCut
        ? [`only the newest ${tracesMax} traces were read: narrow by where, start or end`]
        : []),
      ...report.problems,
    ],
  }
}

/** As the collector was told them at its start. */
export async function readDeclared(
  collector: CollectorQuestions,
  mayBeAbsent: readonly string[],
): Promise<DeclaredDifferences> {
  const answer = await collector.ask('/api/known-differences', {}, declaredDifferencesSchema)
  return {
    byRuntime: Map.groupBy(answer.known, ({ runtime }) => runtime),
    against: answer.reference,
    mayBeAbsent,
  }
}

function describeNothing(by: string | null): string {
  const other = by === null ? '' : `, or no such request has the attribute ${by}; give by another`
  return `no request is stored that fulfils the conditions${other}; overview says what is stored`
}

function chooseReference(
  wanted: string | undefined,
  names: readonly string[],
  usual: string | null,
): string {
  if (wanted === undefined)
    return usual !== null && names.includes(usual) ? usual : (names[0] ?? '')
  if (names.includes(wanted)) return wanted
  throw new AskError(`reference: expected one of ${names.map((name) => quote(name)).join(', ')}`)
}

function listFailures({ groups }: ComparedGroups, reference: string): readonly Finding[] {
  return findFailures(groups, reference).map(({ group, route, sentence }) => ({
    id: createFindingId('failure', [group, route]),
    about: route,
    kind: 'failure',
    group,
    operations: [route],
    sentence,
    reason: null,
  }))
}

function listDifferences({
  differences,
  operations,
  known,
}: Report): readonly (readonly [Finding, readonly ReportDifference[]])[] {
  return foldAlike(differences, operations.length).flatMap(({ line, alike }) => {
    const [first] = alike
    if (first === undefined) return []
    const { runtime, kind, subject, path } = first
    const names = [...new Set(alike.map(({ operation }) => operation))]
    const finding: Finding = {
      // Each operation's difference is in one line alone, and more traffic seldom changes which comes first by name.
      id: createFindingId('difference', [
        runtime,
        kind,
        subject,
        path.slice(1),
        names.toSorted()[0],
      ]),
      about: JSON.stringify([kind, subject, path, names.toSorted()]),
      kind: 'difference',
      group: runtime,
      operations: names,
      sentence: line,
      reason: first.known === null ? null : (known[first.known]?.reason ?? null),
    }
    return [[finding, alike] as const]
  })
}

/** Those that differ most come first. */
function listTimes({ operations }: Report): readonly Finding[] {
  return operations
    .flatMap(({ name, runtimes }) =>
      runtimes.flatMap(({ runtime, versusReference: judged }) =>
        judged?.verdict === 'slower' || judged?.verdict === 'faster'
          ? [{ name, runtime, judged, size: Math.abs(Math.log(judged.ratio.value)) }]
          : [],
      ),
    )
    .sort((a, b) => b.size - a.size)
    .map(({ name, runtime, judged }) => ({
      id: createFindingId('time', [runtime, name]),
      about: `${judged.verdict} ${name}`,
      kind: 'time',
      group: runtime,
      operations: [name],
      sentence: judged.sentence,
      reason: null,
    }))
}
