import type { ReportOperation } from '../../../comparison/report/report-schema.ts'
import { RuntimeName } from '../chrome/runtime-name.tsx'

/** Runtimes that did not always take an operation in the same way: how often in which. */
export function OperationForms({ operation }: { readonly operation: ReportOperation }) {
  const several = operation.runtimes.filter(({ forms }) => forms.length > 1)
  if (several.length === 0) return null
  return (
    <section>
      <h3>Not always in the same way</h3>
      <ul class="forms">
        {several.map(({ runtime, forms, repetitions }) => (
          <li key={runtime}>
            <RuntimeName name={runtime} />
            <ul>
              {forms.map(({ count, differences, exampleTraceId }, index) => (
                <li key={index}>
                  {count} of {repetitions}
                  {exampleTraceId !== null && <span class="muted"> such as {exampleTraceId}</span>}
                  {differences.length > 0 && `: ${differences.slice(0, 3).join('; ')}`}
                  {differences.length > 3 && ` and ${differences.length - 3} more`}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}
