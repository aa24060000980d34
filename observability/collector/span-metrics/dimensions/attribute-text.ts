import type { AnyValue, Attribute } from '../../../otlp/model.ts'

/**
 * The value as text: what series are told apart by, and what a label shows.
 *
 * The same text as the Collector's `pcommon.Value.AsString` (pdata 1.71): integers in decimal, doubles
 * as ECMAScript writes them, bytes in base64, lists and maps as compact JSON with sorted keys. A list
 * or map with NaN or an infinity anywhere in it is the empty text, since JSON has no word for those.
 *
 * Decoders bound how deep a value is nested, so all functions here may recurse.
 */
export function attributeText(value: AnyValue): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return doubleText(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return jsonText(value) ?? ''
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** As Go's encoder writes it; `undefined` where that gives up. */
function jsonText(value: AnyValue): string | undefined {
  if (value === null) return 'null'
  if (typeof value === 'string') return jsonString(value)
  if (typeof value === 'number') return Number.isFinite(value) ? doubleText(value) : undefined
  if (typeof value !== 'object') return String(value)
  // Go reads no bytes as no value at all.
  if (value instanceof Uint8Array)
    return value.length === 0 ? 'null' : jsonString(attributeText(value))
  if ('values' in value) {
    const items = value.values.map(jsonText)
    return items.includes(undefined) ? undefined : `[${items.join(',')}]`
  }
  // A Go map has each key once, and keeps what was put there last.
  const valueByKey = new Map(value.entries.map((entry) => [entry.key, entry.value]))
  const members: string[] = []
  for (const [key, inner] of [...valueByKey].sort(([a], [b]) => compareUtf8(a, b))) {
    const text = jsonText(inner)
    if (text === undefined) return undefined
    members.push(`${jsonString(key)}:${text}`)
  }
  return `{${members.join(',')}}`
}

/** Go's encoder escapes these two as well, so that JSON may stand inside JavaScript. */
function jsonString(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/** The order of their bytes in UTF-8, which is that of code points; `<` has the order of UTF-16. */
function compareUtf8(a: string, b: string): number {
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
}

/**
 * A text that two lists of attributes share only if they hold the same keys with the same values of
 * the same types, in whatever order.
 */
export function attributesIdentity(attributes: readonly Attribute[]): string {
  let identity = ''
  for (const { key, value } of sortByKey(attributes)) {
    identity += `${key.length}:${key}${valueIdentity(value)}`
  }
  return identity
}

/** As `attributesIdentity`, of one value. Lengths stand before texts, so no text can pass for two. */
export function valueIdentity(value: AnyValue): string {
  if (typeof value === 'string') return `s${value.length}:${value}`
  if (value === null) return 'n'
  if (typeof value === 'bigint') return `i${value};`
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (typeof value === 'number') return `d${doubleText(value)};`
  if (value instanceof Uint8Array) return `x${attributeText(value)};`
  if ('values' in value) {
    return `[${value.values.map(valueIdentity).join('')}]`
  }
  return `{${attributesIdentity(value.entries)}}`
}

function sortByKey(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}
