import {
  type ClockTrust,
  describeClocks,
  renderClockMillis,
  renderMillis,
  renderRoundMillis,
} from '../../../comparison/trace/clock-trust.ts'
import { createLogScale, type LogScale } from '../charts/log-scale.ts'
import { RuntimeName, runtimeClass } from '../chrome/runtime-name.tsx'
import { groupCondition, nameGrouping } from '../find/group-condition.ts'
import {
  type ParameterChanges,
  type Parameters,
  readParameter,
  viewHref,
} from '../state/address.ts'
import { formatCount, formatRate } from '../state/format.ts'
import { type OperationNumbers, type Overview, readTrafficSeconds } from './overview-answer.ts'
import { p99CallsMin, readP99 } from './overview-controls.tsx'

/** Numbers by operation, one line for each runtime, on one scale of durations. */
export function OperationTable({
  overview,
  parameters,
  since,
}: {
  readonly overview: Overview
  readonly parameters: Parameters
  /** A condition that keeps older traces out of the links behind the numbers. */
  readonly since: ParameterChanges
}) {
  const groups = [...Map.groupBy(overview.operations, ({ operation }) => operation)]
  const scale = createLogScale(overview.operations.flatMap(listQuantiles))
  const clocks = describeClocks(
    overview.operations.map(({ group, clock }) => ({ name: group ?? '', clock: toTrust(clock) })),
  )
  const by = readParameter(parameters, 'by') || 'runtime'
  const seconds = readTrafficSeconds(overview)
  const hasFew = overview.operations.some(({ calls }) => calls < p99CallsMin)
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Operations">
        <table class="operations">
          <Head groupName={nameGrouping(by)} scale={scale} />
          {groups.map(([operation, all]) => (
            <tbody key={operation}>
              {[...all].sort(byGroup).map((numbers, index) => (
                <Row
                  key={index}
                  numbers={numbers}
                  rows={index === 0 ? all.length : 0}
                  isComparable={new Set(all.flatMap(({ group }) => group ?? [])).size > 1}
                  scale={scale}
                  seconds={seconds}
                  parameters={parameters}
                  since={since}
                />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      <p class="clock-notes muted">
        <span>
          <RangeLegend />
        </span>
        <span>Rate: over {renderMillis(seconds * 1_000)}, from the first request to the last</span>
        {hasFew && <span>p99: from {p99CallsMin} requests on</span>}
        {clocks.map((sentence) => (
          <span key={sentence}>{sentence}</span>
        ))}
      </p>
    </>
  )
}

const numberColumns = ['Requests', 'Rate', '4xx', '5xx', 'p50', 'p95', 'p99'] as const

function Head({ groupName, scale }: { readonly groupName: string; readonly scale: LogScale }) {
  return (
    <thead>
      <tr>
        <th scope="col">Operation</th>
        <th scope="col">{groupName}</th>
        {numberColumns.map((name) => (
          <th key={name} scope="col" class="is-number">
            {name}
          </th>
        ))}
        <th scope="col" class="cell-range">
          p50 to p99
          <span class="range is-axis" aria-hidden="true">
            {scale.ticks.map((tick) => (
              <i key={tick} class="range-tick" style={{ left: `${scale.place(tick)}%` }}>
                {renderRoundMillis(tick)}
              </i>
            ))}
          </span>
        </th>
      </tr>
    </thead>
  )
}

function RangeLegend() {
  return (
    <>
      <i class="range-key is-p50" aria-hidden="true" /> p50{' '}
      <i class="range-key" aria-hidden="true" /> p95 and p99, on a logarithmic axis
    </>
  )
}

function listQuantiles(numbers: OperationNumbers): readonly number[] {
  return [numbers.p50Millis, numbers.p95Millis, readP99(numbers)].filter((value) => value !== null)
}

function byGroup(a: OperationNumbers, b: OperationNumbers): number {
  return (a.group ?? '') < (b.group ?? '') ? -1 : 1
}

function Row(props: {
  readonly numbers: OperationNumbers
  /** Lines of the operation, for the row span of its name; 0 on all but the first. */
  readonly rows: number
  /** Whether another group has the operation too. */
  readonly isComparable: boolean
  readonly scale: LogScale
  readonly seconds: number
  readonly parameters: Parameters
  readonly since: ParameterChanges
}) {
  const { numbers, rows, scale, seconds } = props
  const { operation, group } = numbers
  const by = readParameter(props.parameters, 'by') || 'runtime'
  const clock = toTrust(numbers.clock)
  const tracesHref = (changes: Readonly<Record<string, string | number>> = {}) =>
    viewHref('traces', {
      operation,
      ...groupCondition(by, group ?? ''),
      ...props.since,
      ...changes,
    })
  return (
    <tr>
      {rows > 0 && (
        <th scope="rowgroup" rowSpan={rows}>
          <a
            class="operation-link"
            href={viewHref('overview', { operation }, props.parameters)}
            title={operation}
            aria-current={readParameter(props.parameters, 'operation') === operation || undefined}
          >
            {operation || '(no name)'}
          </a>
          {props.isComparable && (
            <a
              class="compare-link"
              href={viewHref('compare', { operation, by: by === 'runtime' ? null : by })}
            >
              Compare
            </a>
          )}
        </th>
      )}
      <td>
        <RuntimeName name={group} />
      </td>
      <td class="is-number">
        <a href={tracesHref()}>{formatCount(numbers.calls)}</a>
      </td>
      <td class="is-number">{formatRate(numbers.calls / seconds)}</td>
      <td class="is-number">
        <Errors count={numbers.errors4xx} href={tracesHref({ status: '4xx' })} tone="is-warn" />
      </td>
      <td class="is-number">
        <Errors count={numbers.errors5xx} href={tracesHref({ status: '5xx' })} tone="is-bad" />
      </td>
      {[numbers.p50Millis, numbers.p95Millis, readP99(numbers)].map((value, index) => (
        <td
          key={index}
          class="is-number"
          title={value === null ? describeNone(numbers.calls, index) : `${value} ms`}
        >
          {value === null ? (
            <span class="muted">–</span>
          ) : (
            <a href={tracesHref({ minDurationMillis: atLeast(value) })}>
              {renderClockMillis(value, clock)}
            </a>
          )}
        </td>
      ))}
      <td class="cell-range" aria-hidden="true">
        <Range numbers={numbers} scale={scale} />
      </td>
    </tr>
  )
}

function Errors({
  count,
  href,
  tone,
}: {
  readonly count: number
  readonly href: string
  readonly tone: string
}) {
  if (count === 0) return <span class="muted">0</span>
  return (
    <a class={tone} href={href}>
      {formatCount(count)}
    </a>
  )
}

function Range({
  numbers,
  scale: { place, ticks },
}: {
  readonly numbers: OperationNumbers
  readonly scale: LogScale
}) {
  const marks = listQuantiles(numbers).map(place)
  const [first] = marks
  const last = marks.at(-1)
  if (first === undefined || last === undefined) return null
  return (
    <span class={`range ${runtimeClass(numbers.group ?? '')}`}>
      {ticks.map((tick) => (
        <i key={tick} class="range-grid" style={{ left: `${place(tick)}%` }} />
      ))}
      <i class="range-line" style={{ left: `${first}%`, right: `${100 - last}%` }} />
      {marks.map((mark, index) => (
        <i
          key={index}
          class={`range-mark ${index === 0 ? 'is-p50' : ''}`}
          style={{ left: `${mark}%` }}
        />
      ))}
    </span>
  )
}

function describeNone(calls: number, index: number): string {
  return index === 2 && calls < p99CallsMin
    ? `p99 needs ${p99CallsMin} requests`
    : 'no duration that can be'
}

function atLeast(millis: number): string {
  return String(Math.floor(millis * 1_000) / 1_000)
}

function toTrust(clock: string | null): ClockTrust {
  return clock === 'precise' || clock === 'millisecond' || clock === 'io-only' ? clock : 'unknown'
}
