import { DecodeError, nestError, quoteValue } from '../refusals/decode-error.ts'
import { decodeBase64 } from './base64.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'
import { poolString } from './pool-string.ts'

// Each reader takes the value of a field, which is `undefined` or `null` when the
// field is absent, and its name for the error. Absent means the default of proto3.

/**
 * Half a surrogate pair, which JSON can escape and UTF-8 cannot hold, becomes U+FFFD as in the
 * Collector: written out again it would be that anyway, and two names could turn into one.
 */
export function parseString(value: unknown, name: string): string {
  if (typeof value === 'string') return poolString(value.toWellFormed())
  if (isAbsent(value)) return ''
  throw expected(name, 'a string', value)
}

/** @throws DecodeError for anything else, also for 0, 1 and `"true"`. */
export function parseBoolean(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  if (isAbsent(value)) return false
  throw expected(name, 'true or false', value)
}

/**
 * An id in hex of either case, given back in lower case; OTLP has hex where other
 * bytes are base64. Only zeros is the specification's word for "no id": empty.
 */
export function parseId(value: unknown, name: string, digits: 16 | 32): string {
  const id = readId(value, digits)
  if (id === undefined) throw expected(name, `${digits} hex digits`, value)
  return id
}

/**
 * An id of what a log record belongs to. By the .proto, a record with an invalid one is to be taken
 * as a record without.
 */
export function parseOptionalId(value: unknown, digits: 16 | 32): string {
  return readId(value, digits) ?? ''
}

function readId(value: unknown, digits: 16 | 32): string | undefined {
  if (isAbsent(value) || value === '') return ''
  if (typeof value !== 'string' || value.length !== digits) return undefined
  const lower = digits === 32 ? lowerTraceId : lowerSpanId
  if (lower.test(value)) return onlyZeros.test(value) ? '' : value
  const lowered = value.toLowerCase()
  return lower.test(lowered) ? lowered : undefined
}

const lowerTraceId = /^[0-9a-f]{32}$/
const lowerSpanId = /^[0-9a-f]{16}$/
const onlyZeros = /^0+$/

/** Reads base64; empty when the field is absent. @throws DecodeError for other text. */
export function parseBytes(value: unknown, name: string): Uint8Array {
  if (isAbsent(value)) return new Uint8Array()
  if (
    typeof value === 'string' &&
    base64.test(value) &&
    value.replace(/=+$/, '').length % 4 !== 1
  ) {
    return decodeBase64(value)
  }
  throw expected(name, 'base64', value)
}

/** Both alphabets, with or without padding, as the JSON mapping of protobuf allows. */
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** Reads a number or decimal digits. @throws DecodeError outside 0 to 2³² − 1. */
export const parseUint32 = integerParser('an unsigned 32-bit integer', 0, 2 ** 32 - 1)
/** Reads a number or decimal digits. @throws DecodeError outside −2³¹ to 2³¹ − 1. */
export const parseInt32 = integerParser('a 32-bit integer', -(2 ** 31), 2 ** 31 - 1)
/** Reads decimal digits, or a number that lost none. @throws DecodeError outside 0 to 2⁶⁴ − 1. */
export const parseUint64 = bigintParser('an unsigned 64-bit integer', 0n, 2n ** 64n - 1n)
/** Reads decimal digits, or a number that lost none. @throws DecodeError outside −2⁶³ to 2⁶³ − 1. */
export const parseInt64 = bigintParser('a 64-bit integer', -(2n ** 63n), 2n ** 63n - 1n)

function integerParser(expectation: string, min: number, max: number) {
  return (value: unknown, name: string): number => {
    if (isAbsent(value)) return 0
    const number = typeof value === 'string' && isDecimal(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) {
      return number + 0 // -0 is an integer too, but no integer of the model.
    }
    throw expected(name, expectation, value)
  }
}

function bigintParser(expectation: string, min: bigint, max: bigint) {
  return (value: unknown, name: string): bigint => {
    if (isAbsent(value)) return 0n
    const bigint = toBigInt(value)
    if (bigint !== undefined && bigint >= min && bigint <= max) return bigint
    throw expected(name, expectation, value)
  }
}

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string' && isDecimal(value)) return BigInt(value)
  // One that is not safe had a fraction or an exponent, and its last digits are a guess.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  return undefined
}

/** Twenty characters hold every 64-bit integer, and more would only be slow to refuse. */
function isDecimal(text: string): boolean {
  return /^-?\d{1,20}$/.test(text)
}

/**
 * Reads a number, or text such as `1e3`, `NaN` and `-Infinity`, as the JSON mapping of protobuf allows.
 *
 * @throws DecodeError for anything else.
 */
export function parseDouble(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (isAbsent(value)) return 0
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') {
    if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
    if (jsonNumber.test(value) && Number.isFinite(Number(value))) return Number(value)
  }
  throw expected(name, 'a double', value)
}

const jsonNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** An enum by number, where any is kept, or by its name in the .proto, where only known ones can be. */
export function parseEnum(
  value: unknown,
  name: string,
  names: ReadonlyMap<string, number>,
): number {
  if (typeof value !== 'string') return parseInt32(value, name)
  const number = names.get(value)
  if (number === undefined) throw expected(name, 'a number or name of the enum', value)
  return number
}

/** A field that holds a message; absent is as good as empty. */
export function parseMessage<T>(value: unknown, name: string, parse: (object: JsonObject) => T): T {
  if (isAbsent(value)) return parse({})
  return parseElement(value, name, parse)
}

/** Here a `null` is an empty message, as it is to the Collector. */
export function parseMessages<T>(
  value: unknown,
  name: string,
  parse: (object: JsonObject) => T,
): readonly T[] {
  return parseList(value, name, (element, step) => parseMessage(element, step, parse))
}

/** Each element of a list of numbers or texts with the step that names it; none may be `null`. */
export function parseArray<T>(
  value: unknown,
  name: string,
  parse: (element: unknown, step: string) => T,
): readonly T[] {
  return parseList(value, name, (element, step) => {
    if (isAbsent(element)) throw expected(step, 'an element', element)
    return parse(element, step)
  })
}

function parseList<T>(
  value: unknown,
  name: string,
  parse: (element: unknown, step: string) => T,
): readonly T[] {
  if (isAbsent(value)) return none
  if (!Array.isArray(value)) throw expected(name, 'an array', value)
  const elements: readonly unknown[] = value
  if (elements.length === 0) return none
  return elements.map((element, index) => parse(element, `${name}[${index}]`))
}

/** One empty list for all: most spans have no events and no links. */
const none: readonly never[] = Object.freeze([])

function parseElement<T>(value: unknown, step: string, parse: (object: JsonObject) => T): T {
  if (!isJsonObject(value)) throw expected(step, 'an object', value)
  try {
    return parse(value)
  } catch (error) {
    throw nestError(error, step)
  }
}

/** In JSON a field that is `null` counts as left out. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

function expected(name: string, expectation: string, value: unknown): DecodeError {
  return new DecodeError(name, `expected ${expectation}, got ${quoteValue(value)}`)
}
