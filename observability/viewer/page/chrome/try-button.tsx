import { useSignal } from '@preact/signals'
import { askAgainNow } from '../state/asking/poll.ts'
import { tryTargets } from '../state/collector.ts'
import { sendTryRequests } from '../state/try-requests.ts'

/** Makes the collector send a few requests to each configured service. Absent without such services. */
export function TryButton() {
  const said = useSignal('')
  const isSending = useSignal(false)
  const targets = tryTargets.value
  if (targets === undefined || targets.services.length === 0) return null
  const names = targets.services.map(({ name }) => name).join(', ')

  const send = async () => {
    isSending.value = true
    const outcome = await sendTryRequests(new AbortController().signal)
    isSending.value = false
    said.value =
      outcome.kind === 'answer'
        ? describe(outcome.value)
        : outcome.kind === 'problem'
          ? outcome.detail
          : 'the collector does not answer'
    setTimeout(() => {
      said.value = ''
    }, 6_000)
    // Services send what they have after a second.
    for (const millis of [300, 1_200]) setTimeout(askAgainNow, millis)
  }

  return (
    <span class="try">
      <button
        type="button"
        class="primary"
        disabled={isSending.value}
        title={`${targets.requests.join('\n')}\nto ${names}`}
        onClick={() => void send()}
      >
        {isSending.value ? 'Sending…' : 'Send requests'}
      </button>
      <span class="said" role="status">
        {said.value}
      </span>
    </span>
  )
}

function describe(
  results: readonly { readonly status: number | null; readonly service: string }[],
): string {
  const answered = results.filter(({ status }) => status !== null)
  const silent = new Set(
    results.filter(({ status }) => status === null).map(({ service }) => service),
  )
  const silence = silent.size === 0 ? '' : `; no answer from ${[...silent].join(', ')}`
  return `${answered.length} of ${results.length} answered${silence}`
}
