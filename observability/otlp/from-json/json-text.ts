import { DecodeError } from '../refusals/decode-error.ts'
import { elementsMax } from '../refusals/decode-limits.ts'

/** A JSON object as it came: nothing is known of its fields yet. */
export type JsonObject = { readonly [name: string]: unknown }

/**
 * Parses a request body, keeping every digit of integers that a `number` would round.
 *
 * Such an integer comes out as `bigint`. Looking for one first costs a scan of the
 * text and saves the reviver, which is several times slower than plain parsing and
 * which well-behaved senders, who quote their nanoseconds, never need.
 *
 * @throws DecodeError when the text is not a JSON object.
 */
export function parseJsonText(text: string): JsonObject {
  checkStructure(text)
  const value = parseJsonValue(text)
  if (!isJsonObject(value)) throw new DecodeError('', 'expected a JSON object')
  return value
}

/** Like `parseJsonText`, of any value, and of one that is not too long. */
export function parseJsonValue(text: string): unknown {
  const camel = text.replace(snakeName, renderCamel)
  return mayLoseDigits.test(camel) ? parseLossless(camel) : parsePlain(camel)
}

/** An object, and neither a list nor `null`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The name of a field as the .proto has it, which the Collector takes too. Text of this form is the
 * name of a field and never part of a value: a quote within one is escaped, so none follows a letter
 * there. In the text and not in what it parses to, because one scan costs less than a walk.
 */
const snakeName = /"[a-z]+_[a-z_]+"(?=\s*:)/g

function renderCamel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** An unquoted integer of 16 digits or more; 2^53 has 16. It may also match inside a string: only slower. */
const mayLoseDigits = /(?:^|[\s:,[])-?\d{16}/

/** No 64-bit integer is longer, and turning millions of digits into a `bigint` is slow. */
const integerCharsMax = 20

/**
 * Refuses text that would parse to far more objects than a request can have: 64 MB of
 * `[[[[…` is 4 GB of arrays. Shorter text is not worth the look. A real element is at
 * the least an object in a list, or a `null` in its place, so it has a brace or an n, and a comma.
 */
export const structureMax = 2 * elementsMax

function checkStructure(text: string): void {
  if (text.length <= structureMax) return
  let structure = 0
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (quoted && code === chars.backslash) index += 1
    else if (code === chars.quote) quoted = !quoted
    else if (!quoted && isStructural(code)) structure += 1
  }
  if (structure > structureMax) {
    throw new DecodeError('', `expected at most ${elementsMax} elements in all repeated fields`)
  }
}

export const chars = {
  blank: 0x20,
  quote: 0x22,
  comma: 0x2c,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  bracket: 0x5b,
  backslash: 0x5c,
  closingBracket: 0x5d,
  underscore: 0x5f,
  n: 0x6e,
  brace: 0x7b,
  closingBrace: 0x7d,
} as const

function isStructural(code: number): boolean {
  return code === chars.comma || code === chars.brace || code === chars.bracket || code === chars.n
}

function parsePlain(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw toDecodeError(error)
  }
}

function parseLossless(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits)
  } catch (error) {
    throw toDecodeError(error)
  }
}

/** ECMAScript 2026 hands the reviver the text of each primitive; the library's types do not know it yet. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return source.length <= integerCharsMax && /^-?\d+$/.test(source) ? BigInt(source) : value
}

function toDecodeError(error: unknown): unknown {
  if (error instanceof SyntaxError) return new DecodeError('', `expected JSON: ${error.message}`)
  // The reviver recurses, so some thousand levels of nesting exhaust the stack. No message has them.
  if (error instanceof RangeError) return new DecodeError('', 'expected JSON: nested too deep')
  return error
}
