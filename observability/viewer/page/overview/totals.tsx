import { viewHref } from '../state/address.ts'
import { countOf, formatRate, formatShare } from '../state/format.ts'
import type { Overview } from './overview-answer.ts'

/** Rate and errors of everything in the window, in one line. */
export function Totals({ overview }: { readonly overview: Overview }) {
  const all = overview.series.flatMap(({ buckets }) => buckets)
  const sum = (read: (numbers: (typeof all)[number]) => number) =>
    all.reduce((total, numbers) => total + read(numbers), 0)
  const calls = sum((numbers) => numbers.calls)
  const errors4xx = sum((numbers) => numbers.errors4xx)
  const errors5xx = sum((numbers) => numbers.errors5xx)
  const seconds = Math.max(1, (overview.endMillis - overview.startMillis) / 1_000)
  return (
    <p class="totals">
      <span>
        <b>{countOf(calls, 'request')}</b> {formatRate(calls / seconds)}
      </span>
      <a href={viewHref('traces', { status: '4xx' })} class={errors4xx > 0 ? 'is-warn' : 'muted'}>
        4xx <b>{formatShare(calls === 0 ? 0 : errors4xx / calls)}</b>
      </a>
      <a href={viewHref('traces', { status: '5xx' })} class={errors5xx > 0 ? 'is-bad' : 'muted'}>
        5xx <b>{formatShare(calls === 0 ? 0 : errors5xx / calls)}</b>
      </a>
    </p>
  )
}
