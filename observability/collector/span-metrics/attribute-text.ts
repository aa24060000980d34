import type { AnyValue, Attribute } from '../../otlp/model.ts'

/** Deeper values read as `null`: a sender must not be able to exhaust the stack of the watcher. */
const depthMax = 32

/**
 * The value as text: what series are told apart by, and what a label shows.
 *
 * The same text as the Collector's `pcommon.Value.AsString`: integers in decimal, doubles as
 * ECMAScript writes them, bytes in base64, lists and maps as compact JSON with sorted keys.
 */
export function attributeText(value: AnyValue): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return doubleText(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return jsonText(value, 0)
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'json: unsupported value: NaN'
  if (!Number.isFinite(value)) return `json: unsupported value: ${value > 0 ? '+Inf' : '-Inf'}`
  return Object.is(value, -0) ? '-0' : String(value)
}

function jsonText(value: AnyValue, depth: number): string {
  if (value === null || depth > depthMax) return 'null'
  if (typeof value === 'string') return jsonString(value)
  if (value instanceof Uint8Array) return jsonString(attributeText(value))
  if (typeof value !== 'object') return attributeText(value)
  if ('values' in value) {
    return `[${value.values.map((item) => jsonText(item, depth + 1)).join(',')}]`
  }
  const members = sortByKey(value.entries).map(
    (entry) => `${jsonString(entry.key)}:${jsonText(entry.value, depth + 1)}`,
  )
  return `{${members.join(',')}}`
}

/** Go's encoder escapes these five as well, so that JSON may stand inside HTML. */
function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * A text that two lists of attributes share only if they hold the same keys with the same values of
 * the same types, in whatever order.
 */
export function attributesIdentity(attributes: readonly Attribute[]): string {
  let identity = ''
  for (const { key, value } of sortByKey(attributes)) {
    identity += `${key.length}:${key}${valueIdentity(value, 0)}`
  }
  return identity
}

/** As `attributesIdentity`, of one value. Lengths stand before texts, so no text can pass for two. */
export function valueIdentity(value: AnyValue, depth = 0): string {
  if (typeof value === 'string') return `s${value.length}:${value}`
  if (value === null || depth > depthMax) return 'n'
  if (typeof value === 'bigint') return `i${value};`
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (typeof value === 'number') return `d${doubleText(value)};`
  if (value instanceof Uint8Array) return `x${attributeText(value)};`
  if ('values' in value) {
    return `[${value.values.map((item) => valueIdentity(item, depth + 1)).join('')}]`
  }
  const members = sortByKey(value.entries).map(
    (entry) => `${entry.key.length}:${entry.key}${valueIdentity(entry.value, depth + 1)}`,
  )
  return `{${members.join('')}}`
}

function sortByKey(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}
