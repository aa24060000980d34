import { countOf } from '../state/format.ts'
import type { Overview } from './overview-answer.ts'

/** Which requests are in no number above, or in no duration, and what is wrong with their times. */
export function StrangeTimes({ overview }: { readonly overview: Overview }) {
  const { leftOut, untimed } = overview
  const parts = [
    `${countOf(leftOut.unfinished, 'request')} without an end`,
    `${countOf(leftOut.impossible, 'request')} with a time that cannot be (before 2000, after 2099 or in the future)`,
    `${countOf(leftOut.old, 'request')} older than 30 days`,
  ]
  const shown = parts.filter((part) => !part.startsWith('0 '))
  return (
    <>
      {shown.length > 0 && <p class="muted">Left out: {shown.join('; ')}.</p>}
      {untimed > 0 && (
        <p class="muted">
          Counted, but in no duration: {countOf(untimed, 'request')} of which the end is before the
          start, or during which a clock was set.
        </p>
      )}
    </>
  )
}
