import type { Report } from '../../../comparison/report/report-schema.ts'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { countOf } from '../state/format.ts'

/** The anchor of the only place that lists them. */
export const knownAnchor = 'known'

/** What was declared and did occur, by runtime, with the reason, where it is and where it is declared. */
export function KnownDifferences({ report }: { readonly report: Report }) {
  const { known, operations } = report
  if (known.length === 0) return null
  const groups = Map.groupBy(known, ({ runtime, declaredIn }) => `${runtime}\0${declaredIn}`)
  return (
    <section id={knownAnchor} aria-labelledby="known-title">
      <h2 id="known-title">Known differences</h2>
      {[...groups.values()].map((own, index) => (
        <details key={index}>
          <summary>
            <RuntimeName name={own[0]?.runtime ?? ''} /> {countOf(own.length, 'declaration')}
            {own[0]?.declaredIn != null && (
              <>
                {' '}
                in <code>{own[0].declaredIn}</code>
              </>
            )}
          </summary>
          <ul class="forms">
            {own.map(({ line, operations: where }) => (
              <li key={line}>
                {line}{' '}
                <span class="muted">
                  {where.length === operations.length
                    ? `in all ${countOf(where.length, 'operation')}`
                    : `in ${where.join(', ')}`}
                </span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}
