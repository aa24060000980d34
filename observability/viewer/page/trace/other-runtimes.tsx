import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { traceHref, viewHref } from '../state/address.ts'
import { readTracePage } from '../state/answers.ts'
import { ask, fromJson } from '../state/ask.ts'
import { runtimeNames } from '../state/runtime-names.ts'
import type { Headline } from './headline.ts'

type Counterpart = { readonly runtime: string; readonly traceId: string }

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
  const wanted = names.join()

  useEffect(() => {
    const stopped = new AbortController()
    void findCounterparts(headline, names, stopped.signal).then((counterparts) => {
      if (!stopped.signal.aborted) found.value = counterparts
    })
    return () => stopped.abort()
  }, [headline.name, headline.httpStatus, wanted])

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

async function findCounterparts(
  { name, httpStatus }: Headline,
  runtimes: readonly string[],
  signal: AbortSignal,
): Promise<readonly Counterpart[]> {
  const found = await Promise.all(
    runtimes.map(async (runtime) => {
      const query = new URLSearchParams({ runtime, operation: name, limit: '1' })
      if (httpStatus !== null) query.set('status', String(httpStatus))
      const page = await ask(`/api/traces?${query}`, fromJson(readTracePage), signal)
      const [trace] = page.kind === 'answer' ? page.value.traces : []
      return trace === undefined ? [] : [{ runtime, traceId: trace.traceId }]
    }),
  )
  return found.flat()
}
