import { setTimeout as delay } from 'node:timers/promises'
import { encodeTracesJson } from '../../otlp/encode-json.ts'
import type { Span } from '../../otlp/model.ts'
import { describeFetchError } from '../sources/describe-fetch-error.ts'
import { groupDriverSpans } from './client-spans.ts'

/** Spans in one request to the collector. */
export const spansPerRequestMax = 500

const sendMillisMax = 5000
const attemptsMax = 3

/** Where the driver sends its own spans, and the version that they name as their scope's. */
export type SendOptions = {
  /** The collector's URL, without `/v1/traces`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly version: string
}

/**
 * Sends the driver's spans as OTLP/JSON. A collector that says it is busy (429, 502, 503, 504)
 * is asked again.
 *
 * @throws When the collector does not take them, with what it said.
 */
export async function sendSpans(
  spans: readonly Span[],
  { url, headers, version }: SendOptions,
): Promise<void> {
  for (let start = 0; start < spans.length; start += spansPerRequestMax) {
    const part = spans.slice(start, start + spansPerRequestMax)
    const body = encodeTracesJson(groupDriverSpans(part, version))
    await sendBody(`${url}/v1/traces`, { ...headers, 'content-type': 'application/json' }, body)
  }
}

async function sendBody(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const signal = AbortSignal.timeout(sendMillisMax)
    const init = { method: 'POST', headers, body, signal }
    const response = await fetch(url, init).catch((cause) => {
      throw new Error(`${url}: ${describeFetchError(cause, sendMillisMax)}`, { cause })
    })
    const text = await response.text()
    if (response.ok) return
    if (![429, 502, 503, 504].includes(response.status) || attempt === attemptsMax) {
      throw new Error(`${url}: expected 200, got ${response.status} ${text.slice(0, 200)}`)
    }
    await delay(200 * attempt)
  }
}
