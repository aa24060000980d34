import { type AnyValue, type Attribute, readAttribute } from '../../../otlp/model.ts'
import { cutText, renderShape, renderValue } from '../../trace/attribute-value.ts'
import { hideSecret } from '../../trace/hide-secret.ts'
import type { ConventionFinding } from '../convention-finding.ts'
import { type AttributeRule, findRule, type Registry, rootOf } from '../registry/registry.ts'
import { findNearMiss } from './near-miss.ts'

type Found = Omit<ConventionFinding, 'subject'>

/**
 * Checks the names, types and values of attributes.
 *
 * @param hasTypes Whether the values are of the types that were sent; Loki makes text of all.
 */
export function checkAttributes(
  registry: Registry,
  attributes: readonly Attribute[],
  hasTypes = true,
): readonly Found[] {
  const found: Found[] = []
  for (const { key, value } of attributes) {
    const rule = findRule(registry, key)
    if (rule === undefined) {
      // Asked for each attribute of each span: nearly all of an app's own names end here.
      if (key.includes('.') && !registry.namespaces.has(rootOf(key))) continue
      found.push(describeUnknown(registry, key, value))
      continue
    }
    if (rule.deprecated !== undefined)
      found.push(describeDeprecated(registry, key, rule, attributes))
    if (hasTypes && !isOfType(rule.type, value)) found.push(describeType(key, rule, value))
    else if (rule.values !== undefined) found.push(...checkValue(key, rule, value))
  }
  return found
}

function describeUnknown(registry: Registry, key: string, value: AnyValue): Found {
  const meant = key.includes('.') ? findNearMiss(key, registry.attributes.keys()) : undefined
  return {
    rule: 'unknown',
    severity: meant === undefined ? 'improvement' : 'violation',
    attribute: key,
    got: renderValue(hideSecret(key, value)),
    expected:
      meant ??
      (key.includes('.')
        ? `a namespace of its own, because ${rootOf(key)}.* belongs to the conventions`
        : 'a name with a namespace, such as com.acme.shopname'),
    replacement: meant ?? null,
    section: 'general/naming.md#recommendations-for-application-developers',
  }
}

function describeDeprecated(
  registry: Registry,
  key: string,
  { deprecated = { to: [], note: '' } }: AttributeRule,
  attributes: readonly Attribute[],
): Found {
  const { to, note } = deprecated
  const [first] = to
  const isStable = to.some((name) => findRule(registry, name)?.stable === true)
  // Who sends both is on the way, as OTEL_SEMCONV_STABILITY_OPT_IN=http/dup has it; and what only moved may stay.
  const isLeaving =
    note.startsWith('Moved to') || to.some((name) => readAttribute(attributes, name) !== undefined)
  return {
    rule: isStable ? 'unstable' : 'deprecated',
    severity: isLeaving ? 'information' : 'violation',
    attribute: key,
    got: null,
    expected: describeSuccessors(deprecated),
    replacement: to.length === 1 && first !== undefined ? first : null,
    section: registrySection(key),
  }
}

/** Several names need the model's own words: they say which is for what. */
function describeSuccessors({ to, note }: NonNullable<AttributeRule['deprecated']>): string {
  const names = to.length === 0 ? 'nothing in its place' : to.join(', ')
  return note === '' || to.length === 1 ? names : `${names} (${note.replace(/\.$/, '')})`
}

function describeType(key: string, { type }: AttributeRule, value: AnyValue): Found {
  return {
    rule: 'type',
    severity: 'violation',
    attribute: key,
    got: cutText(renderShape(value)),
    expected: type.replace(/^template\[(.*)\]$/, '$1'),
    replacement: null,
    section: registrySection(key),
  }
}

/** Where the conventions close a list of values, and what to send for all others. */
const closed: Readonly<Record<string, string>> = { 'http.request.method': '_OTHER' }

function checkValue(
  key: string,
  { values = [], oldValues = {} }: AttributeRule,
  value: AnyValue,
): readonly Found[] {
  if (typeof value === 'string' && values.includes(value)) return []
  const text = String(value)
  const texts = values.map(String)
  // A list of one fallback says that every sender has values of its own.
  if (texts.includes(text) || texts.every((one) => one === '_OTHER')) return []
  const old = Object.hasOwn(oldValues, text) ? oldValues[text] : undefined
  const meant = old ?? findNearMiss(text, texts) ?? closed[key]
  return [
    {
      rule: 'value',
      severity: meant === undefined ? 'information' : 'violation',
      attribute: key,
      got: renderValue(hideSecret(key, value)),
      expected: meant || `one of ${listValues(texts)}`,
      replacement: meant || null,
      section: registrySection(key),
    },
  ]
}

/** Well-known values that are named; how many more there are is said. */
const valuesShownMax = 8

function listValues(texts: readonly string[]): string {
  const more = texts.length - valuesShownMax
  return `${texts.slice(0, valuesShownMax).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The page of the registry that has an attribute. */
function registrySection(key: string): string {
  return `registry/attributes/${rootOf(key).replaceAll('_', '-')}.md`
}

/** A whole number is sent as an int by JavaScript, even where a double is meant. */
function isOfType(type: string, value: AnyValue): boolean {
  switch (type) {
    case 'any':
      return true
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
      return typeof value === 'bigint'
    case 'double':
      return typeof value === 'number' || typeof value === 'bigint'
    default:
      return isOfLongerType(type, value)
  }
}

function isOfLongerType(type: string, value: AnyValue): boolean {
  if (type.startsWith('template[')) return isOfType(type.slice('template['.length, -1), value)
  if (!type.endsWith('[]')) return true
  if (typeof value !== 'object' || value === null || !('entries' in value || 'values' in value))
    return false
  if (value instanceof Uint8Array || !('values' in value)) return false
  return value.values.every((one) => isOfType(type.slice(0, -2), one))
}
