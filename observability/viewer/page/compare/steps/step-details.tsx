import type { ReportStep } from '../../../../comparison/report/report-schema.ts'
import { renderMillis } from '../../../../comparison/trace/clock-trust.ts'
import { DottedName } from '../../chrome/dotted-name.tsx'
import type { ComparedDifference, ComparedLane } from '../compared-operation.ts'
import { LanesHead } from './lane-table.tsx'

type Span = ReportStep['spans'][number]

/** The attributes of a step, side by side; what differs is marked. */
export function StepDetails({
  step,
  lanes,
  differences,
}: {
  readonly step: ReportStep
  readonly lanes: readonly ComparedLane[]
  readonly differences: readonly ComparedDifference[]
}) {
  const spans = lanes.map(({ name }) => step.spans.find(({ runtime }) => runtime === name))
  const rows = listRows(spans)
  return (
    <div
      class="step-details table-scroll"
      tabIndex={0}
      role="group"
      aria-label={`Attributes of ${step.path.at(-1)}`}
    >
      <table class="side-by-side">
        <LanesHead first="Attribute" lanes={lanes} />
        <tbody>
          {rows.map(({ label, subject, cells }) => (
            <tr key={label}>
              <th scope="row">
                <DottedName name={label} />
              </th>
              {cells.map((cell, index) => {
                const lane = lanes[index]?.name
                const differs = differences.some(
                  (difference) => difference.lane === lane && difference.subject === subject,
                )
                return (
                  <td key={lane} class={differs ? 'differs' : ''}>
                    {cell === undefined ? (
                      <span class="muted">–</span>
                    ) : (
                      <>
                        {cell.type !== '' && <span class="type">{cell.type}</span>} {cell.text}
                      </>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Cell = { readonly type: string; readonly text: string } | undefined
type Row = { readonly label: string; readonly subject: string; readonly cells: readonly Cell[] }

function listRows(spans: readonly (Span | undefined)[]): readonly Row[] {
  const plain = (label: string, read: (span: Span) => string): Row => ({
    label,
    subject: label,
    cells: spans.map((span) => (span === undefined ? undefined : { type: '', text: read(span) })),
  })
  const keys = new Set(spans.flatMap((span) => span?.attributes.map(({ key }) => key) ?? []))
  const events = new Set(spans.flatMap((span) => span?.events.map(({ name }) => name) ?? []))
  return [
    plain('name', ({ name }) => name),
    plain('kind', ({ kind }) => kind),
    plain('status', ({ status, statusMessage }) =>
      statusMessage === '' ? status : `${status}: ${statusMessage}`,
    ),
    ...[...keys].map(
      (key): Row => ({
        label: key,
        subject: key,
        cells: spans.map((span) => span?.attributes.find((attribute) => attribute.key === key)),
      }),
    ),
    ...[...events].map(
      (name): Row => ({
        label: `event ${name}`,
        subject: name,
        cells: spans.map((span) => {
          const event = span?.events.find((candidate) => candidate.name === name)
          return event && { type: '', text: `after ${renderMillis(event.offsetMillis)}` }
        }),
      }),
    ),
  ]
}
