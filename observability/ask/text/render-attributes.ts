import { renderPlain } from '../../comparison/trace/attribute-value.ts'
import { hideSecret } from '../../comparison/trace/hide-secret.ts'
import type { Attribute } from '../../otlp/model.ts'
import { quote } from './quote.ts'

const attributesMax = 40
const valueCharsMax = 300

/** Attributes as `"http.route"="/todos"`, by name; numbers and booleans without quotes, so that types are seen. */
export function renderAttributes(attributes: readonly Attribute[]): string {
  const sorted = [...attributes].sort((a, b) => (a.key < b.key ? -1 : 1))
  const more = sorted.length - attributesMax
  const shown = sorted.slice(0, attributesMax).map(({ key, value }) => {
    const own = hideSecret(key, value)
    const isBare = ['number', 'bigint', 'boolean'].includes(typeof own)
    return `${quote(key)}=${isBare ? String(own) : quote(renderPlain(own), valueCharsMax)}`
  })
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(' ')
}
