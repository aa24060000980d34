import type { AnyValue, Attribute } from '../../otlp/model.ts'
import { renderShape, renderValue } from '../trace/attribute-value.ts'
import { hideSecret } from '../trace/hide-secret.ts'
import type { Finding } from './difference.ts'
import { type AttributeOwner, isEqualByRules, type VolatileRule } from './volatile-rules.ts'

type AttributeChange = {
  readonly change: 'missing' | 'extra' | 'type' | 'value'
  readonly key: string
  readonly expected: string | null
  readonly actual: string | null
}

/** The owner of the attributes, for rules that hold only there. */
export type AttributePlace = {
  readonly on: AttributeOwner
  readonly path: string
  readonly rules: readonly VolatileRule[]
}

/**
 * Compares two sets of attributes by key: absent, extra, of another type, of another value.
 *
 * A value of another type is reported only as that. Types count on volatile values too. Of a repeated key the first
 * value counts, as everywhere.
 *
 * @returns Changes by key, in the order of their characters.
 */
export function compareAttributes(
  expected: readonly Attribute[],
  actual: readonly Attribute[],
  place: AttributePlace,
): readonly AttributeChange[] {
  const expectedByKey = indexByKey(expected)
  const actualByKey = indexByKey(actual)
  const changes: AttributeChange[] = []
  for (const key of [...new Set([...expectedByKey.keys(), ...actualByKey.keys()])].sort()) {
    const was = expectedByKey.get(key)
    const is = actualByKey.get(key)
    const render = (value: AnyValue) => renderValue(hideSecret(key, value))
    if (was !== undefined && is !== undefined) {
      const change = compareValues(was, is, { ...place, key })
      if (change === null) continue
      changes.push({ change, key, expected: render(was), actual: render(is) })
    } else if (was !== undefined) {
      changes.push({ change: 'missing', key, expected: render(was), actual: null })
    } else if (is !== undefined) {
      changes.push({ change: 'extra', key, expected: null, actual: render(is) })
    }
  }
  return changes
}

/** How a value differs from the expected one; `null` when it does not, or only by declared rule. */
export function compareValues(
  expected: AnyValue,
  actual: AnyValue,
  at: AttributePlace & { readonly key: string },
): 'type' | 'value' | null {
  if (!isSameShape(expected, actual)) return 'type'
  return isEqualByRules(at.rules, at, expected, actual) ? null : 'value'
}

/** Names a change of an attribute as the finding it is on its owner. */
export function toFinding(
  owner: '' | 'event.' | 'resource.' | 'log.',
  { change, key, expected, actual }: AttributeChange,
  /** The event or record that carries the attribute; a span and a resource need no name. */
  carrier = '',
): Finding {
  const subject = carrier === '' ? key : `${carrier}: ${key}`
  return { kind: `${owner}attribute.${change}`, subject, expected, actual }
}

function isSameShape(expected: AnyValue, actual: AnyValue): boolean {
  // An empty array holds no element whose type could be wrong.
  if (isArray(expected) && isArray(actual)) {
    if (expected.values.length === 0 || actual.values.length === 0) return true
  }
  return renderShape(expected) === renderShape(actual)
}

function isArray(value: AnyValue): value is { readonly values: readonly AnyValue[] } {
  return (
    value !== null && typeof value === 'object' && 'values' in value && Array.isArray(value.values)
  )
}

function indexByKey(attributes: readonly Attribute[]): ReadonlyMap<string, AnyValue> {
  const byKey = new Map<string, AnyValue>()
  for (const { key, value } of attributes) if (!byKey.has(key)) byKey.set(key, value)
  return byKey
}
