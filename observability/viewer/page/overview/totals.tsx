import { type ParameterChanges, viewHref } from '../state/address.ts'
import { countOf, formatRate, formatShare } from '../state/format.ts'
import { type Overview, readTrafficSeconds } from './overview-answer.ts'

/** Rate and errors of everything that was asked for, in one line; each leads to its traces. */
export function Totals({
  overview,
  conditions,
}: {
  readonly overview: Overview
  /** Conditions of the traces behind the numbers. */
  readonly conditions: ParameterChanges
}) {
  const all = overview.series.flatMap(({ buckets }) => buckets)
  const sum = (read: (numbers: (typeof all)[number]) => number) =>
    all.reduce((total, numbers) => total + read(numbers), 0)
  const calls = sum((numbers) => numbers.calls)
  const errors4xx = sum((numbers) => numbers.errors4xx)
  const errors5xx = sum((numbers) => numbers.errors5xx)
  const hrefOf = (changes: ParameterChanges = {}) =>
    viewHref('traces', { ...conditions, ...changes })
  const share = (errors: number) => formatShare(calls === 0 ? 0 : errors / calls)
  return (
    <p class="totals">
      <a href={hrefOf()} class="is-plain">
        <b>{countOf(calls, 'request')}</b> {formatRate(calls / readTrafficSeconds(overview))}
      </a>
      <a
        href={hrefOf({ status: '4xx' })}
        class={errors4xx > 0 ? 'is-warn' : 'muted'}
        title={countOf(errors4xx, 'request')}
      >
        4xx <b>{share(errors4xx)}</b>
      </a>
      <a
        href={hrefOf({ status: '5xx' })}
        class={errors5xx > 0 ? 'is-bad' : 'muted'}
        title={countOf(errors5xx, 'request')}
      >
        5xx <b>{share(errors5xx)}</b>
      </a>
    </p>
  )
}
