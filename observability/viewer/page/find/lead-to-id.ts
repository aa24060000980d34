import { traceHref } from '../state/address.ts'
import { readTracePage } from '../state/asking/answers.ts'
import { ask, fromJson } from '../state/asking/ask.ts'
import { navigate } from '../state/navigate.ts'
import { readId } from './read-id.ts'

/**
 * Shows the trace whose id was typed, or the one that has the span.
 *
 * @returns Whether it leads anywhere: a text that is no id does not, nor does the id of a span that is not stored.
 */
export async function leadToId(text: string): Promise<boolean> {
  const id = readId(text)
  if (id === undefined) return false
  if (id.traceId !== null) {
    // The view of the trace says so if it is not stored.
    navigate(traceHref(id.traceId, { span: id.spanId }))
    return true
  }
  const query = new URLSearchParams({ where: `spanId=${id.spanId}`, limit: '1' })
  const found = await ask(
    `/api/traces?${query}`,
    fromJson(readTracePage),
    new AbortController().signal,
  )
  const traceId = found.kind === 'answer' ? found.value.items[0]?.traceId : undefined
  if (traceId === undefined) return false
  navigate(traceHref(traceId, { span: id.spanId }))
  return true
}
