import { countOf } from '../../state/format.ts'
import { LaneName } from '../steps/lane-table.tsx'
import { Growth, StepNumbers } from './icicle.tsx'
import type { OperationTimes } from './operation-times.ts'

const rowsMax = 200

/** The numbers of the icicles, and of steps that are too small to be drawn. */
export function StepTable({
  times: { lanes, steps, growths },
}: {
  readonly times: OperationTimes
}) {
  const left = steps.length - rowsMax
  return (
    <details class="step-times">
      <summary>The same as a table</summary>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Time of each step">
        <table class="step-numbers-table">
          <thead>
            <tr>
              <th scope="col">Mean time by itself</th>
              {lanes.map((lane) => (
                <th scope="col" class="is-number" key={lane.name}>
                  <LaneName lane={{ ...lane, traceHref: null }} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.slice(0, rowsMax).map((step, index) => (
              // Steps have no id but their place.
              <tr key={index}>
                <th scope="row" style={{ paddingLeft: `${Math.min(step.depth, 12) * 14 + 10}px` }}>
                  {step.label || '(no name)'}
                </th>
                {lanes.map(({ name }) => {
                  const own = step.lanes.get(name)
                  const growth = own && growths.get(own)
                  return (
                    <td key={name} class="is-number">
                      <Growth millis={growth} />{' '}
                      {own === undefined ? <span class="muted">–</span> : <StepNumbers own={own} />}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && <p class="muted">{countOf(left, 'more step')} not shown here.</p>}
    </details>
  )
}
