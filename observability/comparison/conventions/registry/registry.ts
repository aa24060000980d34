import * as v from 'valibot'

const names = v.array(v.string())

const attributeRule = v.object({
  /** The conventions' own word, such as `string`, `int[]` or `template[string]`; `any` for one of any type. */
  type: v.string(),
  stable: v.optional(v.boolean(), false),
  /** The well-known values of an enum. */
  values: v.optional(v.array(v.union([v.string(), v.number()]))),
  /** Values that were once well-known, each with what is to be sent instead; empty when nothing is. */
  oldValues: v.optional(v.record(v.string(), v.string())),
  deprecated: v.optional(
    v.object({
      /** Names to send instead; empty when there is none. */
      to: names,
      note: v.string(),
    }),
  ),
})

const requirement = v.object({
  stable: v.optional(v.boolean(), false),
  /** Attributes that must be there. */
  required: names,
})

const registrySchema = v.object({
  format: v.literal('conventions-registry'),
  /** Of the semantic conventions, such as `1.44.0`. */
  version: v.string(),
  attributes: v.record(v.string(), attributeRule),
  /** Kinds of spans, such as `http.server`. */
  spans: v.record(v.string(), v.object({ ...requirement.entries, recommended: names })),
  /** What a resource may describe, such as `service`, with all that describes it. */
  entities: v.record(v.string(), v.object({ ...requirement.entries, attributes: names })),
})

/** A registry as it is kept in `registries/`. */
export type RegistryData = v.InferInput<typeof registrySchema>
export type AttributeRule = v.InferOutput<typeof attributeRule>
type Requirement = v.InferOutput<typeof requirement>

/** The names, types, values and requirements of one version of the semantic conventions. */
export type Registry = {
  readonly version: string
  readonly attributes: ReadonlyMap<string, AttributeRule>
  /** Attributes whose names begin so and go on as the sender likes, such as `http.request.header`. */
  readonly templates: ReadonlyMap<string, AttributeRule>
  /** First parts of names that belong to the conventions, such as `http`. */
  readonly namespaces: ReadonlySet<string>
  readonly spans: ReadonlyMap<string, Requirement & { readonly recommended: readonly string[] }>
  readonly entities: ReadonlyMap<string, Requirement & { readonly attributes: readonly string[] }>
}

/** @throws That says where it is not as it should be, and how to make it anew. */
export function parseRegistry(json: unknown): Registry {
  const parsed = v.safeParse(registrySchema, json)
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new Error(
      `registry of conventions: ${v.getDotPath(issue) ?? 'the top'}: ${issue.message}; make it anew with npm run conventions -- MODEL_FOLDER`,
    )
  }
  const { version, attributes, spans, entities } = parsed.output
  const all = Object.entries(attributes)
  const isTemplate = ({ type }: AttributeRule) => type.startsWith('template[')
  return {
    version,
    attributes: new Map(all.filter(([, rule]) => !isTemplate(rule))),
    templates: new Map(all.filter(([, rule]) => isTemplate(rule))),
    namespaces: new Set(
      all.flatMap(([name, rule]) => (rule.deprecated === undefined ? [rootOf(name)] : [])),
    ),
    spans: new Map(Object.entries(spans)),
    entities: new Map(Object.entries(entities)),
  }
}

/** `http` of `http.route`. */
export function rootOf(name: string): string {
  return name.split('.', 1)[0] ?? ''
}

/** The rule for an attribute, by its own name or by that of the template it is one of. */
export function findRule(registry: Registry, key: string): AttributeRule | undefined {
  const own = registry.attributes.get(key)
  if (own !== undefined) return own
  for (let end = key.lastIndexOf('.'); end > 0; end = key.lastIndexOf('.', end - 1)) {
    const template = registry.templates.get(key.slice(0, end))
    if (template !== undefined) return template
  }
  return undefined
}
