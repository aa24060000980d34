import { type Severity, severities } from './convention-finding.ts'
import type { ReportConventions } from './report-conventions-schema.ts'

type ReportFinding = ReportConventions['findings'][number]

/** Findings listed when not all are asked for; the report has the rest. */
const shownMax = 10

/**
 * The findings as lines. The short form has no information and nothing that is declared, and is empty where nothing
 * else came.
 */
export function listFindings(
  { findings, leftOut }: ReportConventions,
  runtimeCount: number,
  isWhole: boolean,
): readonly string[] {
  const chosen = isWhole
    ? findings
    : findings.filter(({ severity, known }) => severity !== 'information' && known === null)
  const shown = isWhole ? chosen : chosen.slice(0, shownMax)
  const more = chosen.length - shown.length + (isWhole ? leftOut : 0)
  return [
    ...shown.map((one) => renderReportFinding(one, runtimeCount)),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ]
}

/** How many of each severity, such as `2 violations, 1 improvement, 3 declared`. */
export function countFindings({ version, findings, stale }: ReportConventions): string {
  const counts = severities.flatMap((severity) => {
    const own = findings.filter((one) => one.severity === severity && one.known === null).length
    return own === 0
      ? []
      : [`${own} ${own === 1 && severity !== 'information' ? severity : plurals[severity]}`]
  })
  const declared = findings.filter(({ known }) => known !== null).length
  const all = [
    ...counts,
    ...(declared > 0 ? [`${declared} declared`] : []),
    ...(stale.length > 0 ? [`${stale.length} stale`] : []),
  ]
  return `semantic conventions ${version}: ${all.length === 0 ? 'nothing found' : all.join(', ')}`
}

const plurals: Readonly<Record<Severity, string>> = {
  violation: 'violations',
  improvement: 'improvements',
  information: 'for information',
}

/** A finding with where it came and where its rule stands. */
export function renderReportFinding(finding: ReportFinding, runtimeCount: number): string {
  const { severity, line, places, section, known } = finding
  const runtimes = [...new Set(places.map(({ runtime }) => runtime))]
  const operations = [...new Set(places.map(({ operation }) => operation))]
  const on = runtimes.length === runtimeCount && runtimeCount > 1 ? 'all' : runtimes.join(', ')
  const reason = known === null ? '' : `; declared: ${known}`
  return `${severity}, ${on}: ${line} (${listNames(operations)}; ${section})${reason}`
}

/** Operations named in a line; how many more there are is said. */
const namesMax = 3

function listNames(names: readonly string[]): string {
  const more = names.length - namesMax
  return `${names.slice(0, namesMax).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
