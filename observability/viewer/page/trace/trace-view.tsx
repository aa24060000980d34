import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { describeError } from '../../../plumbing/describe-error.ts'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { ask } from '../state/asking/ask.ts'
import { poll } from '../state/asking/poll.ts'
import { losses } from '../state/collector.ts'
import { shownRun } from '../state/shown-run.ts'
import { type HeldTrace, readHeldTrace } from './held-trace.ts'
import { TracePage } from './trace-page.tsx'

const refreshMillis = 3_000

/** One trace. It stays on the screen when the collector lets go of it. */
export function TraceView({
  traceId,
  parameters,
}: {
  readonly traceId: string
  readonly parameters: Parameters
}) {
  const held = useSignal<HeldTrace | undefined>(undefined)
  const gone = useSignal(false)
  const problem = useSignal<{ readonly status: number; readonly detail: string } | undefined>(
    undefined,
  )

  useEffect(() => {
    held.value = undefined
    gone.value = false
    problem.value = undefined
    if (!/^[0-9a-f]{32}$/i.test(traceId)) {
      const detail = `trace id: expected 32 hex digits, got ${JSON.stringify(traceId.slice(0, 60))}`
      problem.value = { status: 400, detail }
      return
    }
    // Late spans come in over some seconds, so it is asked for again.
    let etag: string | undefined
    return poll(async (stop) => {
      const headers: HeadersInit = etag === undefined ? {} : { 'if-none-match': etag }
      const answer = await ask(`/api/traces/${traceId}`, (text) => text, stop, { headers })
      if (answer.kind === 'silence') return
      if (answer.kind === 'problem') {
        etag = undefined
        gone.value = held.peek() !== undefined
        if (!gone.peek()) problem.value = answer
        return
      }
      problem.value = undefined
      if (answer.kind === 'unchanged') return
      etag = answer.etag
      try {
        const trace = readHeldTrace(answer.value)
        // A span that comes after its trace was let go starts it anew: what was whole is not given up for that.
        if (gone.peek() && trace.tree.spanCount < (held.peek()?.tree.spanCount ?? 0)) return
        gone.value = false
        held.value = trace
      } catch (error) {
        const detail = describeError(error)
        problem.value = { status: 0, detail }
      }
    }, refreshMillis)
  }, [traceId, shownRun.value])

  if (problem.value !== undefined && held.value === undefined) {
    const { status, detail } = problem.value
    return (
      <section class="view">
        <Empty
          title={status === 404 ? 'This trace is not stored' : 'There is no such trace'}
          isView
        >
          <p>{detail}</p>
          {status === 404 && (
            <p class="muted">
              {losses.value > 0 ? 'The collector was started again or cleared meanwhile. ' : ''}
              It may not have arrived yet, or was dropped to make room. This page looks again by
              itself.
            </p>
          )}
          <p>
            <a class="button" href={viewHref('traces')}>
              Show all traces
            </a>
          </p>
        </Empty>
      </section>
    )
  }
  if (held.value === undefined) {
    return (
      <section class="view" aria-busy="true">
        <Waiting />
      </section>
    )
  }
  return (
    <TracePage
      key={traceId}
      traceId={traceId.toLowerCase()}
      trace={held.value}
      isGone={gone.value}
      spanWanted={readParameter(parameters, 'span')}
    />
  )
}
