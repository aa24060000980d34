import type { AnyValue } from '../../otlp/model.ts'

/** Values nested deeper than this are cut when written, so that no sender can exhaust the stack. */
export const valueDepthMax = 64

/** The characters of a value that a difference shows; the rest is counted. */
export const valueCharsMax = 200

/** The OTLP type of a value, by the name that OpenTelemetry gives it. */
export type ValueType =
  | 'string'
  | 'bool'
  | 'int'
  | 'double'
  | 'bytes'
  | 'array'
  | 'kvlist'
  | 'empty'

/** The OTLP type that a value was sent as: `200n` is an int, `200` a double, `"200"` a string. */
export function readValueType(value: AnyValue): ValueType {
  if (value === null) return 'empty'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'double'
  if (value instanceof Uint8Array) return 'bytes'
  return 'values' in value ? 'array' : 'kvlist'
}

/**
 * The type of a value with the types inside it, such as `array<int>`; two values whose
 * shapes differ are of another type, however alike they print.
 *
 * An array says which types it holds, not how many: one more element is another value.
 */
export function renderShape(value: AnyValue, depth = 0): string {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    return readValueType(value)
  }
  if (depth >= valueDepthMax) return '…'
  if ('values' in value) {
    const shapes = new Set(value.values.map((element) => renderShape(element, depth + 1)))
    return `array<${[...shapes].sort().join('|')}>`
  }
  const entries = value.entries.map(
    (entry) => `${JSON.stringify(entry.key)}:${renderShape(entry.value, depth + 1)}`,
  )
  return `kvlist<${entries.sort().join(',')}>`
}

/**
 * A value as text that is equal exactly when type and value are: the order of a list of
 * keys does not count, the order of an array does. `NaN` equals itself, `-0` equals `0`.
 */
export function renderCanonical(value: AnyValue, depth = 0): string {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    return value === null ? 'empty' : `${readValueType(value)} ${renderScalar(value)}`
  }
  if (depth >= valueDepthMax) return '…'
  if ('values' in value) {
    return `array [${value.values.map((element) => renderCanonical(element, depth + 1)).join(', ')}]`
  }
  const entries = value.entries.map(
    (entry) => `${JSON.stringify(entry.key)}: ${renderCanonical(entry.value, depth + 1)}`,
  )
  return `kvlist {${entries.sort().join(', ')}}`
}

/** A value with its type for a person, such as `int 200` or `string "200"`; at most `valueCharsMax` long. */
export function renderValue(value: AnyValue): string {
  return cutText(renderCanonical(value))
}

/** The text, or its first `valueCharsMax` characters and how many were left out. */
export function cutText(text: string): string {
  if (text.length <= valueCharsMax) return text
  return `${text.slice(0, valueCharsMax)}… (${text.length - valueCharsMax} more characters)`
}

/** The characters of a value that a report keeps. */
export const plainCharsMax = 4000

/** A value as it reads, without its type: text without quotes, anything else as in `renderValue`. */
export function renderPlain(value: AnyValue): string {
  const text =
    typeof value === 'string'
      ? value
      : value === null
        ? ''
        : typeof value === 'object' && !(value instanceof Uint8Array)
          ? renderCanonical(value)
          : renderScalar(value)
  return text.length <= plainCharsMax ? text : `${text.slice(0, plainCharsMax)}…`
}

function renderScalar(value: string | boolean | bigint | number | Uint8Array): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Uint8Array) {
    return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  return String(value)
}
