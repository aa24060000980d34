import {
  countFindings,
  renderReportFinding,
} from '../../../comparison/conventions/list-findings.ts'
import type { Report } from '../../../comparison/report/report-schema.ts'

/** What breaks the semantic conventions: the grave open, what is information or declared folded. */
export function ConventionsSection({ report }: { readonly report: Report }) {
  const { conventions, runtimes } = report
  if (conventions === null) return null
  const isOpen = (one: (typeof conventions.findings)[number]) =>
    one.severity !== 'information' && one.known === null
  const open = conventions.findings.filter(isOpen)
  const rest = conventions.findings.filter((one) => !isOpen(one))
  const list = (findings: typeof open) => (
    <ul>
      {findings.map((one) => (
        <li key={`${one.line}${one.at}${one.known}`}>
          {renderReportFinding(one, runtimes.length)} <a href={one.url}>rule</a>
        </li>
      ))}
    </ul>
  )
  return (
    <section class={`finding ${open.length > 0 ? 'is-bad' : ''}`}>
      <h2>{countFindings(conventions)}</h2>
      {open.length > 0 && list(open)}
      {conventions.stale.length > 0 && (
        <ul>
          {conventions.stale.map((line) => (
            <li key={line}>declared, but did not occur: {line}</li>
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <details>
          <summary>For information, or declared</summary>
          {list(rest)}
        </details>
      )}
    </section>
  )
}
