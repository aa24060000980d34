import { timePartPhrases } from '../../latency/latency-sentence.ts'
import { timePartNames } from '../../latency/time-parts.ts'
import type { Report, ReportOperationOnRuntime } from '../report-schema.ts'

type Versus = NonNullable<ReportOperationOnRuntime['versusReference']>

export type Verdict = {
  readonly word: 'PASS' | 'FAIL' | 'ENDED EARLY'
  /** How many operations are the same; and what each runtime's latency is, over all operations. */
  readonly sentence: string
  /** Why it fails, or what it was held to; and what of it is no real platform. A sentence each. */
  readonly notes: readonly string[]
  /** What is to be known first, but for what the notes have said. */
  readonly problems: readonly string[]
}

/** What a reader of any report must see first. */
export function renderVerdict(report: Report): Verdict {
  const { operations, runtimes, stale, outcome, status } = report
  const all = operations.flatMap(({ runtimes: own }) => own)
  const count = (wanted: ReportOperationOnRuntime['outcome']) =>
    all.filter((one) => one.outcome === wanted).length
  const counts = [
    `${count('same')} same`,
    `${count('known')} known`,
    `${count('differs')} different`,
    ...(count('unplayed') > 0 ? [`${count('unplayed')} not played`] : []),
    ...(stale.length > 0 ? [`${stale.length} stale`] : []),
  ]
  const word = status === 'partial' ? 'ENDED EARLY' : outcome.exitCode === 0 ? 'PASS' : 'FAIL'
  const isStored = runtimes.every(({ kind }) => kind === 'stored')
  const compared = plural(runtimes.length, isStored ? 'group' : 'runtime')
  const size = `${plural(operations.length, 'operation')} on ${compared}`
  const { rejection } = report.measurement
  const latency =
    rejection === null ? summarizeLatencies(report) : `latency is not compared: ${rejection}`
  const end = latency === '' ? '' : `. ${latency}`
  return {
    word,
    sentence: `${size}: ${counts.join(', ')}${end}`,
    notes: [...listReasons(report), ...listEmulations(report)],
    problems: status === 'partial' ? report.problems.slice(1) : report.problems,
  }
}

function listReasons({ outcome, settings, status, problems }: Report): readonly string[] {
  const { failures } = outcome
  const { failOn } = settings
  if (status === 'partial')
    return [
      ...failures.map((failure) => `fails: ${failure}`),
      `ended early: ${problems[0] ?? 'nobody knows why'}`,
    ]
  if (failures.length > 0) return failures.map((failure) => `fails: ${failure}`)
  if (failOn === 'none') return ['nothing was to fail it: --fail-on none']
  return failOn === null ? [] : [`nothing of this failed: --fail-on ${failOn}`]
}

function listEmulations({ runtimes }: Report): readonly string[] {
  const emulated = runtimes.flatMap(({ name, emulation }) =>
    emulation === null ? [] : [`${name} is ${emulation}`],
  )
  if (emulated.length === 0) return []
  return [`local emulations, whose times are not the platform's: ${emulated.join('; ')}`]
}

/** One clause for each runtime that is slower or faster, one for those without a difference, one for too few requests. */
function summarizeLatencies({ operations, runtimes, reference }: Report): string {
  const clauses: string[] = []
  const level: string[] = []
  const few: string[] = []
  for (const { name } of runtimes) {
    const all = operations
      .flatMap(({ runtimes: own }) => own.filter(({ runtime }) => runtime === name))
      .flatMap(({ versusReference }) => versusReference ?? [])
    const judged = all.filter(({ verdict }) => verdict !== 'too-few')
    if (judged.length === 0) {
      if (all.length > 0) few.push(name)
      continue
    }
    const own = (['slower', 'faster'] as const).flatMap((verdict) => {
      const claims = judged.filter((one) => one.verdict === verdict)
      if (claims.length === 0) return []
      const times = renderSpread(claims.map(({ ratio }) => roundTimes(ratio.value)))
      return `${times} the time of ${reference} on ${claims.length} of ${plural(judged.length, 'operation')}${renderCause(claims)}`
    })
    if (own.length === 0) level.push(name)
    else clauses.push(`${name} takes ${own.join(' and ')}`)
  }
  if (level.length > 0) clauses.push(`${level.join(', ')}: no difference shown`)
  if (few.length > 0) clauses.push(`${few.join(', ')}: too few requests to judge the time`)
  return clauses.join('; ')
}

/** The part that leads most of these operations, if it leads more than half of them. */
function renderCause(claims: readonly Versus[]): string {
  for (const part of timePartNames) {
    const led = claims.flatMap(({ leadingPart }) =>
      leadingPart?.part === part ? [leadingPart.share.value] : [],
    )
    if (led.length * 2 <= claims.length) continue
    const shares = led.map((share) => `${Math.min(100, Math.round(share * 100))} %`)
    return ` (${renderSpread(shares)} of it ${timePartPhrases[part]})`
  }
  return ''
}

/** Rougher than in a sentence of its own, because it stands for several. */
function roundTimes(ratio: number): string {
  return `${ratio.toFixed(ratio >= 9.95 ? 0 : ratio >= 1.095 ? 1 : 2)}×`
}

/** `4.1–6.2×` of `4.1×`, `5×`, `6.2×`; each text is a number and the same unit. */
function renderSpread(texts: readonly string[]): string {
  const sorted = texts.toSorted((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
  const [low = '', high = ''] = [sorted[0], sorted.at(-1)]
  return low === high ? low : `${Number.parseFloat(low)}–${high}`
}

function plural(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}
