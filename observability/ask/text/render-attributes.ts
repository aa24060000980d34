import { renderPlain } from '../../comparison/trace/attribute-value.ts'
import { hideSecret } from '../../comparison/trace/hide-secret.ts'
import type { Attribute } from '../../otlp/model.ts'
import { quote } from './quote.ts'

const attributesMax = 40
const valueCharsMax = 300

/** Attributes for a program: all of them by name; what JSON has no form for is text. */
export function toPlainAttributes(
  attributes: readonly Attribute[],
): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const own = hideSecret(key, value)
      const isPlain = typeof own === 'boolean' || (typeof own === 'number' && Number.isFinite(own))
      const isWhole = typeof own === 'bigint' && Number.isSafeInteger(Number(own))
      return [key, isPlain ? own : isWhole ? Number(own) : renderPlain(own)]
    }),
  )
}

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
