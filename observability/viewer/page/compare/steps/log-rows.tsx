import type { ReportOperation } from '../../../../comparison/report/report-schema.ts'
import type { ComparedLane } from '../compared-operation.ts'
import { LanesHead } from './lane-table.tsx'

/** Log records of the lanes, side by side. */
export function LogRows({
  logs,
  lanes,
  heading: Heading,
}: {
  readonly logs: ReportOperation['logs']
  readonly lanes: readonly ComparedLane[]
  readonly heading: 'h2' | 'h3'
}) {
  if (logs.length === 0) return null
  return (
    <section>
      <Heading class="part-title">Log records</Heading>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Log records">
        <table class="side-by-side">
          <LanesHead first="Record" lanes={lanes} />
          <tbody>
            {logs.map(({ subject, records }, row) => (
              <tr key={`${row} ${subject}`}>
                <th scope="row">{subject}</th>
                {lanes.map(({ name }) => {
                  const record = records.find(({ runtime }) => runtime === name)
                  return (
                    <td key={name} class={record === undefined ? 'differs' : ''}>
                      {record === undefined ? (
                        <span class="muted">none</span>
                      ) : (
                        <>
                          <span class={`severity is-${record.severityText.toLowerCase()}`}>
                            {record.severityText || record.severityNumber}
                          </span>{' '}
                          {record.body}
                          {record.link !== 'span' && (
                            <span class="badge">not linked to its span</span>
                          )}
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
    </section>
  )
}
