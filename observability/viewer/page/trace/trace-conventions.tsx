import { useEffect, useState } from 'preact/hooks'
import type { ReportConventions } from '../../../comparison/conventions/report-conventions-schema.ts'
import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { countOf } from '../state/format.ts'

/** What of a trace breaks the semantic conventions, folded; nothing where it merely has values of its own. */
export function TraceConventions({ trace }: { readonly trace: TraceTree }) {
  const [judged, setJudged] = useState<ReportConventions>()
  useEffect(() => {
    let isCurrent = true
    import('./judge-trace.ts')
      .then(({ judgeTrace }) => {
        if (isCurrent) setJudged(judgeTrace(trace))
      })
      // Without it the page has all else; the next trace tries again.
      .catch(() => {})
    return () => {
      isCurrent = false
    }
  }, [trace])
  if (judged === undefined) return null
  const grave = judged.findings.filter(({ severity }) => severity !== 'information')
  if (grave.length === 0) return null
  return (
    <details class="trace-conventions">
      <summary>
        {countOf(grave.length, 'finding')} by the semantic conventions {judged.version}
      </summary>
      <ul>
        {judged.findings.map(({ severity, at, line, url }) => (
          <li key={`${line}${at}`}>
            <a href={url} target="_blank" rel="noreferrer">
              {severity}
            </a>{' '}
            {at === '' ? line : `${at}: ${line}`}
          </li>
        ))}
      </ul>
    </details>
  )
}
