import { type AnyValue, type Attribute, readAttribute } from '../../otlp/model.ts'
import { createTextSearch, type TextSearch } from './text-search.ts'

// The one language in which the API, the page and the commands are asked for spans and log records:
//
//   http.route=/todos http.response.status_code>=500 service.name="my shop" duration>100ms timeout
//
// Conditions stand beside each other, and all must hold for one and the same span or record. A word alone is looked for
// in names, attributes and the name of the service; of eight hex digits or more it may also begin a trace or span id.

type Operator = '=' | '!=' | '>=' | '>' | '<=' | '<'

/** One condition: a field or an attribute against a value, or text that must occur somewhere. */
export type Condition =
  | {
      readonly key: string
      readonly operator: Operator
      readonly text: string
      /** The value as a number, in milliseconds for `duration`; `undefined` when it is none. */
      readonly number: number | undefined
    }
  | {
      readonly key: null
      readonly search: TextSearch
      /** The words in lower case, if they may begin an id of a trace or a span. */
      readonly id: string | undefined
    }

/** A parsed query; without conditions everything matches. */
export type Where = readonly Condition[]

/** What a condition is held against: fields by name, such as `name` or `duration`, then attributes, then the resource's. */
export type Queried = {
  readonly readField: (key: string) => AnyValue | undefined
  readonly attributes: readonly Attribute[]
  readonly resource: readonly Attribute[]
  /** Whether searched words occur in it. */
  readonly contains: (search: TextSearch) => boolean
}

/** What is wrong with a query, and where. */
export class WhereError extends Error {
  override readonly name = 'WhereError'
  /** Of the first character at fault, counted from 0. */
  readonly at: number

  constructor(reason: string, at: number) {
    super(`${reason}, at character ${at + 1}`)
    this.at = at
  }
}

const queryCharsMax = 1000
const conditionsMax = 20

const condition = /\s*(?:([\w.\-/]+)(!=|>=|<=|=|>|<)|(?=\S))("(?:[^"\\]|\\.)*"|[^\s"]*)/y

/**
 * @param text Such as `http.route=/todos duration>100ms`; empty for no condition.
 * @throws WhereError
 */
export function parseWhere(text: string): Where {
  if (text.length > queryCharsMax)
    throw new WhereError(`expected at most ${queryCharsMax} characters`, queryCharsMax)
  const conditions: Condition[] = []
  for (let at = 0; text.slice(at).trim() !== ''; ) {
    condition.lastIndex = at
    const found = condition.exec(text)
    const end = condition.lastIndex
    const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0)
    if (found === null || end === start) throw new WhereError('expected a closing quote', start)
    if (end < text.length && !/\s/.test(text.charAt(end)))
      throw new WhereError('expected a space or a closing quote', end)
    const [, key, operator, value = ''] = found
    conditions.push(createCondition(key, operator, value, start))
    if (conditions.length > conditionsMax)
      throw new WhereError(`expected at most ${conditionsMax} conditions`, start)
    at = end
  }
  return conditions
}

function createCondition(
  key: string | undefined,
  operator: string | undefined,
  quoted: string,
  at: number,
): Condition {
  const text = quoted.startsWith('"') ? quoted.slice(1, -1).replace(/\\(.)/g, '$1') : quoted
  if (key === undefined || operator === undefined)
    return { key: null, search: createTextSearch(text), id: readIdStart(text) }
  const valueAt = at + key.length + operator.length
  if (quoted === '') throw new WhereError(`expected a value after ${key}${operator}`, valueAt)
  const number = key === 'duration' ? parseMillis(text) : parseNumber(text)
  if (number === undefined && (key === 'duration' || isOrder(operator))) {
    const form = key === 'duration' ? 'a duration such as 100ms or 1.5s' : 'a number'
    throw new WhereError(`expected ${form} after ${key}${operator}`, valueAt)
  }
  return { key, operator: toOperator(operator), text, number }
}

/** Fewer digits are also those of a word, such as `add`, and begin too many ids. */
function readIdStart(text: string): string | undefined {
  return /^[0-9a-f]{8,32}$/i.test(text) ? text.toLowerCase() : undefined
}

function toOperator(text: string): Operator {
  const operators: readonly Operator[] = ['=', '!=', '>=', '>', '<=', '<']
  return operators.find((operator) => operator === text) ?? '='
}

function isOrder(operator: string): boolean {
  return operator !== '=' && operator !== '!='
}

function parseNumber(text: string): number | undefined {
  return /^-?\d{1,20}(?:\.\d{1,20})?$/.test(text) ? Number(text) : undefined
}

const millisOf = { us: 0.001, ms: 1, s: 1000, m: 60_000 } as const

function parseMillis(text: string): number | undefined {
  const [, digits, unit = 'ms'] = /^(\d{1,12}(?:\.\d{1,9})?)(us|ms|s|m)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  return Number(digits) * (unit === 'us' || unit === 's' || unit === 'm' ? millisOf[unit] : 1)
}

/** Whether all conditions hold. */
export function matchesWhere(where: Where, queried: Queried): boolean {
  return where.every((one) =>
    one.key === null
      ? queried.contains(one.search) || hasId(queried, one.id)
      : holds(one, readQueried(queried, one.key)),
  )
}

function hasId(queried: Queried, start: string | undefined): boolean {
  if (start === undefined) return false
  return ['traceId', 'spanId'].some((key) => {
    const id = queried.readField(key)
    return typeof id === 'string' && id.startsWith(start)
  })
}

/** A field of the span or record itself, else its attribute, else one of its resource. */
export function readQueried(queried: Queried, key: string): AnyValue | undefined {
  return (
    queried.readField(key) ??
    readAttribute(queried.attributes, key) ??
    readAttribute(queried.resource, key)
  )
}

/** What is not there is unequal to every value, and neither more nor less. */
function holds(
  { operator, text, number }: Exclude<Condition, { readonly key: null }>,
  value: AnyValue | undefined,
): boolean {
  if (operator === '=') return isEqual(value, text, number)
  if (operator === '!=') return !isEqual(value, text, number)
  const own = toNumber(value)
  if (own === undefined || number === undefined) return false
  if (operator === '>') return own > number
  if (operator === '>=') return own >= number
  return operator === '<' ? own < number : own <= number
}

function isEqual(value: AnyValue | undefined, text: string, number: number | undefined): boolean {
  if (value === undefined || value === null || value instanceof Uint8Array) return false
  if (typeof value === 'string') return value === text
  if (typeof value === 'boolean') return String(value) === text
  if (typeof value === 'object')
    return 'values' in value && value.values.some((item) => isEqual(item, text, number))
  return Number(value) === number
}

function toNumber(value: AnyValue | undefined): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  return typeof value === 'string' ? parseNumber(value) : undefined
}
