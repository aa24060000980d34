import { escapeControls } from '../../../plumbing/escape-controls.ts'
import type { Report } from '../report-schema.ts'

/**
 * A report as JUnit XML, which CI systems show as tests: one suite per runtime, one case per
 * operation, its differences as the failure. What fails beside that (a latency, a change since
 * the baseline, a run that ended early) is a suite of its own.
 */
export function renderJunit(report: Report): string {
  const suites = report.runtimes.map(({ name }) => {
    const cases = report.operations.map((operation) => {
      const own = operation.runtimes.find(({ runtime }) => runtime === name)
      const lines = report.differences
        .filter(
          (one) => one.runtime === name && one.operation === operation.name && one.known === null,
        )
        .map(({ line }) => line)
      if (own?.outcome === 'unplayed') return renderSkipped(name, operation.name)
      const seconds = (own?.latency?.p50Millis.value ?? 0) / 1000
      return renderCase(name, operation.name, seconds, own?.outcome === 'differs' ? lines : [])
    })
    return renderSuite(name, cases)
  })
  const { failures } = report.outcome
  const whole = [
    ...failures.map((failure) => renderCase('comparison', failure, 0, [failure])),
    ...(report.status === 'partial'
      ? report.problems.map((problem) => renderCase('comparison', problem, 0, [problem]))
      : []),
  ]
  const all = whole.length === 0 ? suites : [...suites, renderSuite('comparison', whole)]
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="compare">\n${all.join('\n')}\n</testsuites>\n`
}

type Case = {
  readonly xml: string
  readonly hasFailed: boolean
  readonly isSkipped: boolean
}

function renderCase(suite: string, name: string, seconds: number, lines: readonly string[]): Case {
  const open = `<testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}" time="${seconds.toFixed(6)}"`
  if (lines.length === 0) return { xml: `    ${open}/>`, hasFailed: false, isSkipped: false }
  const message = escapeXml(
    lines.length === 1 ? (lines[0] ?? '') : `differs in ${lines.length} points`,
  )
  const body = escapeXml(lines.join('\n'))
  return {
    xml: `    ${open}>\n      <failure message="${message}">${body}</failure>\n    </testcase>`,
    hasFailed: true,
    isSkipped: false,
  }
}

function renderSkipped(suite: string, name: string): Case {
  const open = `<testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}" time="0.000000"`
  const xml = `    ${open}>\n      <skipped message="was not played"/>\n    </testcase>`
  return { xml, hasFailed: false, isSkipped: true }
}

function renderSuite(name: string, cases: readonly Case[]): string {
  const failed = cases.filter(({ hasFailed }) => hasFailed).length
  const skipped = cases.filter(({ isSkipped }) => isSkipped).length
  return [
    `  <testsuite name="${escapeXml(name)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}">`,
    ...cases.map(({ xml }) => xml),
    '  </testsuite>',
  ].join('\n')
}

/** Control characters have no place in XML 1.0, escaped or not; line breaks are kept. */
function escapeXml(text: string): string {
  return text
    .split('\n')
    .map(escapeControls)
    .join('\n')
    .replace(/[\uD800-\uDFFF\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
