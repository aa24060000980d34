import * as v from 'valibot'

const recordSchema = v.record(v.string(), v.unknown())
const schemaSchema = v.strictObject({
  $ref: v.optional(v.string()),
  type: v.optional(v.string()),
  const: v.optional(v.string()),
  format: v.optional(v.picklist(['uuid', 'date-time'])),
  properties: v.optional(recordSchema, {}),
  required: v.optional(v.array(v.string()), []),
  items: v.optional(v.unknown()),
  anyOf: v.optional(v.array(v.unknown())),
  minLength: v.optional(v.number(), 0),
  maxLength: v.optional(v.number(), Number.POSITIVE_INFINITY),
  pattern: v.optional(v.string(), ''),
  description: v.optional(v.string()),
  examples: v.optional(v.array(v.string())),
})

/**
 * Where a value breaks a JSON Schema, such as `.title`; empty when it does not.
 *
 * Knows as much of JSON Schema as our OpenAPI document uses.
 *
 * @param components What `#/components/schemas/…` refers to.
 * @throws For a keyword or type beyond that, lest a rule be passed over.
 */
export function findViolations(
  components: Readonly<Record<string, unknown>>,
  schema: unknown,
  value: unknown,
  path = '',
): readonly string[] {
  const rule = v.parse(schemaSchema, schema)
  const recurse = (inner: unknown, part: unknown, key: string) =>
    findViolations(components, inner, part, `${path}${key}`)

  if (rule.$ref !== undefined) {
    return recurse(components[rule.$ref.split('/').at(-1) ?? ''], value, '')
  }
  if (rule.anyOf) {
    return rule.anyOf.some((option) => recurse(option, value, '').length === 0) ? [] : [path]
  }
  if (rule.const !== undefined) return value === rule.const ? [] : [path]
  switch (rule.type) {
    case undefined:
      return []
    case 'null':
      return value === null ? [] : [path]
    case 'boolean':
      return typeof value === 'boolean' ? [] : [path]
    case 'integer':
      return Number.isInteger(value) ? [] : [path]
    case 'string':
      return typeof value === 'string' &&
        [...value].length >= rule.minLength &&
        [...value].length <= rule.maxLength &&
        new RegExp(rule.pattern, 'u').test(value) &&
        (rule.format !== 'uuid' || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)) &&
        (rule.format !== 'date-time' || /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))
        ? []
        : [path]
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => recurse(rule.items, item, `[${index}]`))
        : [path]
    case 'object': {
      if (!v.is(recordSchema, value)) return [path]
      return Object.entries(rule.properties).flatMap(([key, inner]) => {
        if (value[key] !== undefined) return recurse(inner, value[key], `.${key}`)
        return rule.required.includes(key) ? [`${path}.${key}`] : []
      })
    }
    default:
      throw new Error(`${path}: expected a type that this test knows, got ${rule.type}`)
  }
}
