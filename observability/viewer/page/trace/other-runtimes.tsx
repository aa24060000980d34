import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { traceHref, viewHref } from '../state/address.ts'
import { readTracePage } from '../state/asking/answers.ts'
import { ask, fromJson } from '../state/asking/ask.ts'
import { poll } from '../state/asking/poll.ts'
import { runtimeNames } from '../state/source-names.ts'
import type { Headline } from './headline.ts'

type Counterpart = { readonly runtime: string; readonly traceId: string }

const refreshMillis = 10_000
/** A longer name does not fit into an address. */
const nameCharsMax = 2_000

/** The latest trace of the same operation, with the same status, on each other runtime; and all of them compared. */
export function OtherRuntimes({
  headline,
  traceId,
}: {
  readonly headline: Headline
  readonly traceId: string
}) {
  const found = useSignal<readonly Counterpart[]>([])
  const names = runtimeNames.value.filter((name) => name !== headline.runtime)

  useEffect(() => {
    if (headline.name.length > nameCharsMax) return
    return poll(async (stop) => {
      const counterparts = await findCounterparts(headline, names, stop)
      if (!stop.aborted && counterparts !== undefined) found.value = counterparts
    }, refreshMillis)
  }, [headline.name, headline.httpStatus, names.join()])

  if (found.value.length === 0) return null
  const all = [traceId, ...found.value.map((other) => other.traceId)]
  return (
    <span class="others">
      <span class="muted">Same on</span>
      {found.value.map(({ runtime, traceId: other }) => (
        <a key={runtime} class="button" href={traceHref(other)}>
          <RuntimeName name={runtime} />
        </a>
      ))}
      <a class="button primary" href={viewHref('compare', { trace: all })}>
        Compare {all.length}
      </a>
    </span>
  )
}

/** `undefined` when the collector did not answer. */
async function findCounterparts(
  { name, httpStatus }: Headline,
  runtimes: readonly string[],
  signal: AbortSignal,
): Promise<readonly Counterpart[] | undefined> {
  const pages = await Promise.all(
    runtimes.map((runtime) => {
      const query = new URLSearchParams({ runtime, operation: name, limit: '1' })
      if (httpStatus !== null) query.set('status', String(httpStatus))
      return ask(`/api/traces?${query}`, fromJson(readTracePage), signal)
    }),
  )
  if (pages.some(({ kind }) => kind === 'silence')) return undefined
  return pages.flatMap((page, index) => {
    const [trace] = page.kind === 'answer' ? page.value.items : []
    const runtime = runtimes[index]
    return trace === undefined || runtime === undefined ? [] : [{ runtime, traceId: trace.traceId }]
  })
}
