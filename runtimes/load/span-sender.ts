import { type SendOptions, sendSpans } from '../../observability/driver/play/send-spans.ts'
import type { Span } from '../../observability/otlp/model.ts'

/** Sends spans in the background, a request a second. */
export type SpanSender = {
  add(spans: readonly Span[]): void
  /** Sends the remaining spans. Resolves when the collector has accepted or refused them. */
  close(): Promise<void>
}

/** Spans that may wait while the collector accepts none; further spans are dropped. */
export const waitingSpansMax = 5000
const sendMillis = 1000

/** @param onRefused Called with the reason, once per outage. Refused spans are lost. */
export function createSpanSender(
  options: SendOptions,
  onRefused: (error: unknown) => void,
): SpanSender {
  const waiting: Span[] = []
  let sending = Promise.resolve()
  let isSending = false
  let isRefused = false

  function flush(): void {
    if (isSending || waiting.length === 0) return
    isSending = true
    sending = sendSpans(waiting.splice(0), options).then(
      () => {
        isSending = false
        isRefused = false
      },
      (error) => {
        isSending = false
        if (!isRefused) onRefused(error)
        isRefused = true
      },
    )
  }

  const ticker = setInterval(flush, sendMillis)
  return {
    add(spans) {
      waiting.push(...spans.slice(0, Math.max(0, waitingSpansMax - waiting.length)))
    },
    async close() {
      clearInterval(ticker)
      await sending
      flush()
      await sending
    },
  }
}
