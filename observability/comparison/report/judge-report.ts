import { isSeverity, type Severity, severities } from '../conventions/convention-finding.ts'
import { judgeByLevel } from '../conventions/judge-conventions.ts'
import type { Report } from './report-schema.ts'

/** What makes a comparison fail. */
export type FailOn = {
  readonly parity: boolean
  /** A latency surely beyond this many times what it should be; `null`: none. */
  readonly latencyRatioMax: number | null
  /** A breach of the semantic conventions of at least this severity; absent: none. */
  readonly conventions?: Severity
}

/**
 * Reads `parity`, `latency:1.5x`, `conventions:improvement`, several with commas between them, or `none`.
 *
 * @throws That says what was expected.
 */
export function parseFailOn(text: string): FailOn {
  if (text === 'none') return { parity: false, latencyRatioMax: null }
  let parity = false
  let latencyRatioMax: number | null = null
  let conventions: Severity | undefined
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, level = 'violation'] = /^conventions(?::(.*))?$/.exec(part) ?? [part, '']
    const [, ratio] = /^latency:(\d+(?:\.\d+)?)x?$/.exec(part) ?? []
    if (part === 'parity') parity = true
    else if (ratio !== undefined && Number(ratio) >= 1) latencyRatioMax = Number(ratio)
    else if (isSeverity(level)) conventions = level
    else {
      throw new Error(
        `expected parity, latency:1.5x (1 or more), conventions or conventions:LEVEL (${severities.join(', ')}), several with commas, or none, got ${JSON.stringify(text)}`,
      )
    }
  }
  return { parity, latencyRatioMax, ...(conventions !== undefined && { conventions }) }
}

/** As `--fail-on` takes it. */
export function renderFailOn({ parity, latencyRatioMax, conventions }: FailOn): string {
  const parts = [
    ...(parity ? ['parity'] : []),
    ...(latencyRatioMax === null ? [] : [`latency:${latencyRatioMax}x`]),
    ...(conventions === undefined ? [] : [`conventions:${conventions}`]),
  ]
  return parts.join(',') || 'none'
}

/**
 * Why a report fails, a sentence each; empty when it does not.
 *
 * With a baseline only what is new since then fails, because a team that records a run has accepted it; but what never
 * worked fails however long ago that was recorded. A latency fails only when its whole interval is beyond the limit:
 * against the baseline where there is one, against the reference otherwise.
 *
 * @param accepted What the baseline has recorded of the conventions.
 */
export function judgeReport(
  report: Report,
  { parity, latencyRatioMax, conventions }: FailOn,
  accepted: Report['conventions'] = null,
): readonly string[] {
  const failures: string[] = []
  if (parity || latencyRatioMax !== null) failures.push(...judgeWork(report))
  if (parity) failures.push(...judgeParity(report))
  if (latencyRatioMax !== null) {
    const { rejection } = report.measurement
    if (rejection !== null) failures.push(`latency cannot be judged: ${rejection}`)
    else failures.push(...judgeLatency(report, latencyRatioMax))
  }
  if (conventions !== undefined && report.conventions !== null)
    failures.push(...judgeByLevel(report.conventions, conventions, accepted))
  return failures
}

/** Kinds of what says nothing of an operation, except that it did not work. */
const brokenKinds = ['operation.missing', 'answer.missing', 'answer.unexpected']

/** Broken places named in the sentence; the rest are in the list of differences. */
const placesShownMax = 5

function isBroken({ kind, known, count: often, of }: Report['differences'][number]): boolean {
  return known === null && often === of && brokenKinds.includes(kind)
}

function judgeWork({ differences }: Report): readonly string[] {
  const broken = differences.filter(isBroken)
  const places = [...new Set(broken.map(({ operation, runtime }) => `${operation} on ${runtime}`))]
  const more = places.length > placesShownMax ? ', …' : ''
  const names = `: ${places.slice(0, placesShownMax).join(', ')}${more}`
  return count(places.length, `operation did not work${names}`, `operations did not work${names}`)
}

function judgeParity({
  differences,
  stale,
  baseline,
  runtimes,
  operations,
}: Report): readonly string[] {
  if (baseline !== null) {
    const { newDifferences, changes, changesLeftOut } = baseline
    return [
      ...count(newDifferences.length, 'difference is new', 'differences are new'),
      ...count(
        changes.length + changesLeftOut,
        'change since the baseline',
        'changes since the baseline',
      ),
    ]
  }
  const open = differences.filter((one) => one.known === null && !isBroken(one))
  const isCut = operations.some(({ runtimes: own }) =>
    own.some(({ outcome, differencesLeftOut }) => outcome === 'differs' && differencesLeftOut > 0),
  )
  const [only, ...others] = runtimes
  return [
    ...(others.length === 0 ? [`${only?.name ?? 'nothing'} was compared with nothing`] : []),
    ...count(
      open.length,
      'difference that nobody declared',
      `${isCut ? 'or more ' : ''}differences that nobody declared`,
    ),
    ...count(
      stale.length,
      'declared difference did not occur',
      'declared differences did not occur',
    ),
  ]
}

const tooFew = 'latency cannot be judged: too few were measured; choose more with --rounds'

function judgeLatency({ operations, baseline }: Report, ratioMax: number): readonly string[] {
  if (baseline !== null) {
    if (baseline.latency.length === 0) return [tooFew]
    return baseline.latency
      .filter(({ ratio }) => (ratio.low ?? 0) > ratioMax)
      .map(({ sentence }) => `${sentence}, more than ${ratioMax}×`)
  }
  const isJudged = operations.some(({ runtimes }) =>
    runtimes.some(
      ({ versusReference }) => versusReference !== null && versusReference.verdict !== 'too-few',
    ),
  )
  if (!isJudged) return [tooFew]
  return operations.flatMap(({ runtimes }) =>
    runtimes.flatMap(({ versusReference }) => {
      if (versusReference?.verdict !== 'slower') return []
      if ((versusReference.ratio.low ?? 0) <= ratioMax) return []
      return [`${versusReference.sentence}, more than ${ratioMax}×`]
    }),
  )
}

function count(number: number, one: string, many: string): readonly string[] {
  return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`]
}
