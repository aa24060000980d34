import { parseWhere, type Where, WhereError } from '../../wire/where/where.ts'
import { QueryProblem } from './problem.ts'
import { parseTime } from './time.ts'

/** One parameter as the OpenAPI document shows it: a text, unless `type` says otherwise. */
export type ParameterFacts = {
  readonly description: string
  readonly type?: 'integer' | 'number'
  readonly enum?: readonly string[]
  readonly default?: string | number
  readonly minimum?: number
  readonly maximum?: number
}

/** The parameters of one question, by name. */
export type ParameterList = Readonly<Record<string, ParameterFacts>>

/** Of a time, in descriptions and refusals. */
export const timeForms = 'a time such as 2026-01-31T12:00:00Z, or nanoseconds since 1970'
export const whereForm =
  'Conditions that all hold for one span or record, such as `http.route=/todos duration>100ms timeout`.'

/** Reads the parameters of one question; each may be given once, and all must be known. */
export type Parameters = {
  /** `undefined` when absent. An empty value is refused: it is a form left blank, not a wish. */
  text(name: string): string | undefined
  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined
  /** A whole number from 1 to `max`. */
  count(name: string, fallback: number, max: number): number
  /** A number of at least zero. */
  amount(name: string): number | undefined
  /** Nanoseconds since the Unix epoch. */
  time(name: string): bigint | undefined
  /** Conditions; none when absent. */
  where(name: string): Where
}

/** @throws QueryProblem 400 for a name that is not in `known`, or that is given twice. */
export function readParameters(given: URLSearchParams, known: ParameterList): Parameters {
  for (const name of given.keys()) {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known)
      const hint = names.length > 0 ? `expected one of ${names.join(', ')}` : 'expected none'
      throw new QueryProblem(400, `unknown parameter ${quote(name)}, ${hint}`)
    }
    if (given.getAll(name).length > 1) throw new QueryProblem(400, `${name}: given more than once`)
  }
  const text = (name: string): string | undefined => {
    const value = given.get(name) ?? undefined
    if (value === '') throw new QueryProblem(400, `${name}: expected a value, got nothing`)
    return value
  }

  return {
    text,
    oneOf(name, values) {
      const value = text(name)
      const match = values.find((candidate) => candidate === value)
      if (value !== undefined && match === undefined)
        throw expected(name, values.join(' or '), value)
      return match
    },
    count(name, fallback, max) {
      const value = text(name)
      if (value === undefined) return fallback
      const count = /^\d{1,9}$/.test(value) ? Number(value) : 0
      if (count < 1 || count > max) throw expected(name, `a whole number from 1 to ${max}`, value)
      return count
    },
    amount(name) {
      const value = text(name)
      if (value === undefined) return undefined
      if (!/^\d{1,15}(\.\d+)?$/.test(value)) throw expected(name, 'a number of at least 0', value)
      return Number(value)
    },
    time(name) {
      const value = text(name)
      if (value === undefined) return undefined
      const nanos = parseTime(value)
      if (nanos === undefined) throw expected(name, timeForms, value)
      return nanos
    },
    where(name) {
      try {
        return parseWhere(text(name) ?? '')
      } catch (error) {
        if (error instanceof WhereError) throw new QueryProblem(400, `${name}: ${error.message}`)
        throw error
      }
    },
  }
}

/** A 400 that names the parameter, the expectation and the given text. */
export function expected(name: string, what: string, got: string): QueryProblem {
  return new QueryProblem(400, `${name}: expected ${what}, got ${quote(got)}`)
}

const quotedCharsMax = 60

/** A text in JSON's quotes, cut after `quotedCharsMax` characters. */
function quote(text: string): string {
  return JSON.stringify(text.length > quotedCharsMax ? `${text.slice(0, quotedCharsMax)}…` : text)
}
