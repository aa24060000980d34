import {
  type ClockTrust,
  describeClocks,
  renderClockMillis,
} from '../../../comparison/trace/clock-trust.ts'
import { RuntimeName, runtimeClass } from '../chrome/runtime-name.tsx'
import { groupCondition, groupings } from '../find/group-condition.ts'
import {
  type ParameterChanges,
  type Parameters,
  readParameter,
  viewHref,
} from '../state/address.ts'
import { formatCount, formatRate } from '../state/format.ts'
import type { OperationNumbers, Overview } from './overview-answer.ts'

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
  const longest = Math.max(...overview.operations.map(({ p99Millis }) => p99Millis ?? 0))
  const clocks = describeClocks(
    overview.operations.map(({ group, clock }) => ({ name: group ?? '', clock: toTrust(clock) })),
  )
  const by = readParameter(parameters, 'by') || 'runtime'
  const seconds = Math.max(1, (overview.endMillis - overview.startMillis) / 1_000)
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Operations">
        <table class="operations">
          <thead>
            <tr>
              <th scope="col">Operation</th>
              <th scope="col">{groupings.find(([name]) => name === by)?.[1] ?? by}</th>
              <th scope="col" class="is-number">
                Requests
              </th>
              <th scope="col" class="is-number">
                Rate
              </th>
              <th scope="col" class="is-number">
                4xx
              </th>
              <th scope="col" class="is-number">
                5xx
              </th>
              <th scope="col" class="is-number">
                p50
              </th>
              <th scope="col" class="is-number">
                p95
              </th>
              <th scope="col" class="is-number">
                p99
              </th>
              <th scope="col" class="cell-range">
                p50 to p99
              </th>
            </tr>
          </thead>
          {groups.map(([operation, all]) => (
            <tbody key={operation}>
              {[...all].sort(byGroup).map((numbers, index) => (
                <Row
                  key={index}
                  numbers={numbers}
                  rows={index === 0 ? all.length : 0}
                  isComparable={new Set(all.flatMap(({ group }) => group ?? [])).size > 1}
                  longest={longest}
                  seconds={seconds}
                  parameters={parameters}
                  since={since}
                />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {clocks.length > 0 && (
        <p class="clock-notes muted">
          {clocks.map((sentence) => (
            <span key={sentence}>{sentence}</span>
          ))}
        </p>
      )}
    </>
  )
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
  readonly longest: number
  readonly seconds: number
  readonly parameters: Parameters
  readonly since: ParameterChanges
}) {
  const { numbers, rows, longest, seconds } = props
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
  const millis = (value: number | null) => (value === null ? '–' : renderClockMillis(value, clock))
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
      <td class="is-number" title={`${numbers.p50Millis} ms`}>
        <a href={tracesHref({ minDurationMillis: atLeast(numbers.p50Millis) })}>
          {millis(numbers.p50Millis)}
        </a>
      </td>
      <td class="is-number" title={`${numbers.p95Millis} ms`}>
        <a href={tracesHref({ minDurationMillis: atLeast(numbers.p95Millis) })}>
          {millis(numbers.p95Millis)}
        </a>
      </td>
      <td class="is-number" title={`${numbers.p99Millis} ms`}>
        <a href={tracesHref({ minDurationMillis: atLeast(numbers.p99Millis) })}>
          {millis(numbers.p99Millis)}
        </a>
      </td>
      <td class="cell-range" aria-hidden="true">
        <Range numbers={numbers} longest={longest} />
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
  longest,
}: {
  readonly numbers: OperationNumbers
  readonly longest: number
}) {
  const { p50Millis, p95Millis, p99Millis, group } = numbers
  if (p50Millis === null || p95Millis === null || p99Millis === null || longest === 0) return null
  const percent = (millis: number) => (millis / longest) * 100
  return (
    <span class={`range ${runtimeClass(group ?? '')}`}>
      <i
        class="range-line"
        style={{ left: `${percent(p50Millis)}%`, right: `${100 - percent(p99Millis)}%` }}
      />
      <i class="range-mark is-p50" style={{ left: `${percent(p50Millis)}%` }} />
      <i class="range-mark" style={{ left: `${percent(p95Millis)}%` }} />
      <i class="range-mark" style={{ left: `${percent(p99Millis)}%` }} />
    </span>
  )
}

function atLeast(millis: number | null): string {
  return String(Math.floor((millis ?? 0) * 1_000) / 1_000)
}

function toTrust(clock: string | null): ClockTrust {
  return clock === 'precise' || clock === 'millisecond' || clock === 'io-only' ? clock : 'unknown'
}
