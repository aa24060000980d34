import type { Report } from '../../../comparison/report/report-schema.ts'
import { countOf } from '../state/format.ts'
import { knownAnchor } from './known-differences.tsx'
import { operationAnchor } from './outcome-matrix.tsx'

/** Links to every part of the report, each operation with what is open in it. */
export function Contents({ report }: { readonly report: Report }) {
  const { operations, differences, known } = report
  return (
    <nav class="contents" aria-label="Contents">
      <a href="#matrix">Operations and runtimes</a>
      {operations.map(({ name }, index) => {
        const open = differences.filter((one) => one.operation === name && one.known === null)
        return (
          <a key={name} href={`#${operationAnchor(index)}`}>
            {name}
            {open.length > 0 && <span class="badge">{countOf(open.length, 'difference')}</span>}
          </a>
        )
      })}
      {known.length > 0 && <a href={`#${knownAnchor}`}>Known differences</a>}
      <a href="#measured">How it was measured</a>
    </nav>
  )
}
