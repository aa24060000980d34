import { matchesPattern } from '../trace/pattern.ts'
import type { BodyRule } from './answer-rules.ts'
import type { Finding } from './difference.ts'
import { maskIds } from './volatile-rules.ts'

/** Any value that `JSON.parse` can return. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** Levels of a body that are compared; deeper values are not. */
export const bodyDepthMax = 100

/**
 * Compares two JSON bodies: members missing and extra, values of another type, other values.
 *
 * The inside of a missing or extra member is not reported again. Takes bodies of any depth, but compares no deeper than
 * `bodyDepthMax`.
 *
 * @returns From the outside in. Subjects are JSON pointers (RFC 6901), the empty one being
 *   the whole body; `*` is the index of elements that a rule takes together.
 */
export function compareBodies(
  operation: string,
  expected: JsonValue,
  actual: JsonValue,
  rules: readonly BodyRule[],
): readonly Finding[] {
  const own = rules.filter((rule) => matchesPattern(rule.operation ?? '*', operation))
  const were = collectPlaces(expected, own)
  const are = collectPlaces(actual, own)
  const findings: Finding[] = []
  for (const [pointer, was] of were) {
    const is = are.get(pointer)
    if (is !== undefined) findings.push(...comparePlaces(pointer, was, is, own))
    else if (isAbsenceItself(was, were, are)) {
      findings.push({
        kind: 'answer.body.missing',
        subject: pointer,
        expected: was.text,
        actual: null,
      })
    }
  }
  for (const [pointer, is] of are) {
    if (!were.has(pointer) && isAbsenceItself(is, are, were)) {
      findings.push({
        kind: 'answer.body.extra',
        subject: pointer,
        expected: null,
        actual: is.text,
      })
    }
  }
  return findings
}

/** A value with its pointer. */
type Place = {
  readonly parent: string | null
  /** `no`, an `element` of an array whose elements are taken together, or something `inside` one. */
  readonly merged: 'no' | 'element' | 'inside'
  /** JSON types; more than one only where elements were taken together. */
  readonly types: Set<string>
  readonly text: string
}

type Visit = Pick<Place, 'parent' | 'merged'> & {
  readonly pointer: string
  readonly depth: number
  readonly value: JsonValue
}

function collectPlaces(body: JsonValue, rules: readonly BodyRule[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  const pending: Visit[] = [{ pointer: '', parent: null, merged: 'no', depth: 0, value: body }]
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { pointer, parent, merged, value, depth } = visit
    const first = places.get(pointer)
    const place = first ?? { parent, merged, types: new Set<string>(), text: renderJson(value) }
    place.types.add(readJsonType(value))
    places.set(pointer, place)
    if (depth >= bodyDepthMax || hasRule(rules, pointer, 'value')) continue
    for (const member of listMembers(visit, hasRule(rules, pointer, 'elements'))) {
      pending.push(member)
    }
  }
  return places
}

/** The last first, for a stack. */
function listMembers(
  { pointer, merged, value, depth }: Visit,
  together: boolean,
): readonly Visit[] {
  if (value === null || typeof value !== 'object') return []
  const at = { parent: pointer, depth: depth + 1 }
  const inside = merged === 'no' ? 'no' : 'inside'
  if (isList(value) && together) {
    const element = { ...at, pointer: `${pointer}/*`, merged: 'element' } as const
    return value.map((member) => ({ ...element, value: member })).reverse()
  }
  return Object.entries(value)
    .map(([key, member]): Visit => {
      const segment = key.replaceAll('~', '~0').replaceAll('/', '~1')
      return { ...at, pointer: `${pointer}/${segment}`, merged: inside, value: member }
    })
    .reverse()
}

function comparePlaces(
  pointer: string,
  was: Place,
  is: Place,
  rules: readonly BodyRule[],
): readonly Finding[] {
  const change = { subject: pointer, expected: was.text, actual: is.text }
  const expectedTypes = renderTypes(was)
  const actualTypes = renderTypes(is)
  if (expectedTypes !== actualTypes) {
    // Elements taken together are null or not by chance of what the list happened to hold.
    const isChance = was.merged !== 'no' && (expectedTypes === '' || actualTypes === '')
    return isChance ? [] : [{ kind: 'answer.body.type', ...change }]
  }
  const isContainer = was.types.has('array') || was.types.has('object')
  if (was.merged !== 'no' || isContainer || was.text === is.text) return []
  if (hasRule(rules, pointer, 'value')) return []
  if (hasRule(rules, pointer, 'ids') && maskIds(was.text) === maskIds(is.text)) return []
  return [{ kind: 'answer.body.value', ...change }]
}

/**
 * Whether this is the thing that the other body lacks. It is not when something around it
 * is lacking or of another type, nor when a list that may be empty is empty.
 */
function isAbsenceItself(
  place: Place,
  own: ReadonlyMap<string, Place>,
  other: ReadonlyMap<string, Place>,
): boolean {
  if (place.parent === null) return true
  if (place.merged === 'element') return false
  const around = own.get(place.parent)
  const aroundThere = other.get(place.parent)
  if (around === undefined || aroundThere === undefined) return false
  return renderTypes(around) === renderTypes(aroundThere)
}

function renderTypes({ types, merged }: Place): string {
  const counted = merged === 'no' ? [...types] : [...types].filter((type) => type !== 'null')
  return counted.sort().join('|')
}

function readJsonType(value: JsonValue): string {
  if (value === null) return 'null'
  return isList(value) ? 'array' : typeof value
}

/** `Array.isArray` alone does not narrow a readonly array. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** A scalar as a whole; of an object or array only its type, because its members are compared themselves. */
function renderJson(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return isList(value) ? `array of ${value.length}` : `object of ${Object.keys(value).join(', ')}`
}

function hasRule(rules: readonly BodyRule[], pointer: string, ignore: BodyRule['ignore']): boolean {
  return rules.some((rule) => rule.ignore === ignore && matchesPattern(rule.pointer, pointer))
}
