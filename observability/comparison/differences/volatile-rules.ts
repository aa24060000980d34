import type { AnyValue } from '../../otlp/model.ts'
import { renderCanonical } from '../trace/attribute-value.ts'
import { matchesPattern } from '../trace/pattern.ts'

/** The owner of an attribute. `log.body` is a log record's body, under the key `body`. */
export type AttributeOwner = 'span' | 'event' | 'resource' | 'log' | 'log.body'

/**
 * Declares that a value may differ between two runtimes that do the same thing.
 *
 * Only the value: an attribute that is absent, or of another type, is still a difference.
 */
export type VolatileRule = {
  /** The attribute's owner; absent: any. */
  readonly on?: AttributeOwner
  /** Pattern of attribute keys; `*` stands for any characters. */
  readonly key: string
  /** Pattern of the step's path as it is printed (`GET /a > SELECT b`); absent: every step. */
  readonly path?: string
  /** `value`: every value of that type is equal. `ids`: equal once ids inside are masked. */
  readonly ignore: 'value' | 'ids'
  readonly reason: string
}

const where = 'where the program runs, not what it does'
const peer = 'the address and port of a peer are given by the machine'
const identity = 'describes the runtime itself, which is the subject of the comparison'

/**
 * Values that differ on every run of any program. The caller adds those of one API, such as its counts and timestamps.
 */
export const volatileRules: readonly VolatileRule[] = [
  { key: '*.id', ignore: 'value', reason: 'an id is made anew for every object' },
  { key: '*.pid', ignore: 'value', reason: 'given by the operating system' },
  { key: '*.parent_pid', ignore: 'value', reason: 'given by the operating system' },
  { key: 'server.address', ignore: 'value', reason: peer },
  { key: 'server.port', ignore: 'value', reason: peer },
  { key: 'client.address', ignore: 'value', reason: peer },
  { key: 'client.port', ignore: 'value', reason: peer },
  { key: 'network.peer.*', ignore: 'value', reason: peer },
  { key: 'network.local.*', ignore: 'value', reason: peer },
  {
    key: 'url.full',
    ignore: 'value',
    reason: 'holds the host and port; path and query stand apart',
  },
  { key: 'url.path', ignore: 'ids', reason: 'names the object that each runtime made for itself' },
  {
    key: 'url.query',
    ignore: 'ids',
    reason: 'may name the object that each runtime made for itself',
  },
  { key: 'exception.stacktrace', ignore: 'value', reason: 'engines write stacks differently' },
  { key: 'exception.message', ignore: 'ids', reason: 'may name the object that failed' },
  { key: 'code.*', ignore: 'value', reason: 'bundles move code to other files and lines' },
  { key: 'thread.*', ignore: 'value', reason: 'given by the runtime' },
  { key: 'faas.invocation*id', ignore: 'value', reason: 'an id is made anew for every invocation' },
  {
    key: 'faas.coldstart',
    ignore: 'value',
    reason: 'true for the request that came first by chance',
  },
  { key: 'aws.request_id', ignore: 'value', reason: 'an id is made anew for every request' },
  { key: 'db.client.connection.pool.name', ignore: 'value', reason: peer },
  { on: 'resource', key: 'host.*', ignore: 'value', reason: where },
  { on: 'resource', key: 'os.*', ignore: 'value', reason: where },
  { on: 'resource', key: 'container.*', ignore: 'value', reason: where },
  { on: 'resource', key: 'k8s.*', ignore: 'value', reason: where },
  { on: 'resource', key: 'process.command*', ignore: 'value', reason: where },
  { on: 'resource', key: 'process.executable.*', ignore: 'value', reason: where },
  { on: 'resource', key: 'process.owner', ignore: 'value', reason: where },
  { on: 'resource', key: 'process.runtime.*', ignore: 'value', reason: identity },
  { on: 'resource', key: 'hono.runtime.name', ignore: 'value', reason: identity },
  { on: 'resource', key: 'hono.runtime.clock', ignore: 'value', reason: identity },
  {
    on: 'log.body',
    key: 'body',
    ignore: 'ids',
    reason: 'a sentence may name the object it is about',
  },
]

/**
 * Whether two values of one type count as equal: because they are, or because a rule
 * declares the difference harmless. Types are the caller's to compare.
 */
export function isEqualByRules(
  rules: readonly VolatileRule[],
  at: { readonly on: AttributeOwner; readonly key: string; readonly path: string },
  expected: AnyValue,
  actual: AnyValue,
): boolean {
  const expectedText = renderCanonical(expected)
  const actualText = renderCanonical(actual)
  if (expectedText === actualText) return true
  const rule = findVolatileRule(rules, at)
  if (rule === undefined) return false
  return rule.ignore === 'value' || maskIds(expectedText) === maskIds(actualText)
}

/** The first rule that covers this attribute; `value` rules win over `ids` rules. */
export function findVolatileRule(
  rules: readonly VolatileRule[],
  at: { readonly on: AttributeOwner; readonly key: string; readonly path: string },
): VolatileRule | undefined {
  const covering = rules.filter(
    (rule) =>
      (rule.on === undefined || rule.on === at.on) &&
      matchesPattern(rule.key, at.key) &&
      (rule.path === undefined || matchesPattern(rule.path, at.path)),
  )
  return covering.find((rule) => rule.ignore === 'value') ?? covering[0]
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const longHex = '[0-9a-f]{16,}'
const numberSegment = '(?<=/)[0-9]+(?=$|[/?#"])'
const ids = new RegExp(`\\b${uuid}\\b|\\b${longHex}\\b|${numberSegment}`, 'gi')

/** The text with every UUID, every 16 or more hex digits and every numeric path segment as `{id}`. */
export function maskIds(text: string): string {
  return text.replace(ids, '{id}')
}
