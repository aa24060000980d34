import * as v from 'valibot'
import type { RegistryData } from './registry.ts'

// The model's YAML, as far as a verdict needs it, in both of its forms: `groups` of the first, and `attributes`,
// `attribute_groups` and `spans` of `definition/2`.

const scalar = v.union([v.string(), v.number(), v.boolean()])
const deprecation = v.union([
  v.string(),
  v.object({
    reason: v.optional(v.string()),
    renamed_to: v.optional(v.string()),
    note: v.optional(v.string(), ''),
  }),
])
const member = v.object({ value: scalar, deprecated: v.optional(deprecation) })
const modelAttribute = v.object({
  id: v.optional(v.string()),
  key: v.optional(v.string()),
  ref: v.optional(v.string()),
  ref_group: v.optional(v.string()),
  type: v.optional(v.union([v.string(), v.object({ members: v.array(member) })])),
  stability: v.optional(v.string()),
  requirement_level: v.optional(v.unknown()),
  deprecated: v.optional(deprecation),
})
const group = v.object({
  id: v.optional(v.string()),
  type: v.optional(v.string(), 'attribute_group'),
  name: v.optional(v.unknown()),
  prefix: v.optional(v.string()),
  extends: v.optional(v.string()),
  stability: v.optional(v.string()),
  deprecated: v.optional(deprecation),
  attributes: v.optional(v.array(modelAttribute), []),
})
const groups = v.optional(v.array(group), [])
const documentSchema = v.object({
  groups,
  attribute_groups: groups,
  spans: groups,
  attributes: v.optional(v.array(modelAttribute), []),
})

type AttributeData = RegistryData['attributes'][string]
type Group = v.InferOutput<typeof group>
type ModelAttribute = v.InferOutput<typeof modelAttribute>
type Deprecation = v.InferOutput<typeof deprecation>

/** Characters of a deprecation's note that are kept. */
const noteCharsMax = 160

/**
 * Makes a registry out of the documents of a model, which are its YAML files as plain data.
 *
 * @param version Such as `1.44.0`; the model's manifest has it at the end of `schema_url`.
 * @throws That names the document that is not of the model's form, or says that there is no attribute in them.
 */
export function buildRegistry(
  version: string,
  documents: readonly { readonly path: string; readonly content: unknown }[],
): RegistryData {
  const models = documents.map(({ path, content }) => {
    const parsed = v.safeParse(documentSchema, content)
    if (parsed.success) return parsed.output
    const [issue] = parsed.issues
    throw new Error(`${path}: ${v.getDotPath(issue) ?? 'the top'}: ${issue.message}`)
  })
  const all = models.flatMap((model) => [...model.groups, ...model.attribute_groups])
  const spans = [
    ...all.filter(({ type }) => type === 'span'),
    ...models.flatMap((model) => model.spans.map((span) => ({ ...span, id: span.type }))),
  ].filter(({ deprecated }) => deprecated === undefined)
  const attributes = listAttributes(
    [...all, ...models].flatMap((one) => one.attributes.map((own) => ({ own, prefix: one }))),
  )
  if (attributes.length === 0)
    throw new Error(`expected definitions of attributes, got none in ${documents.length} files`)
  const byId = new Map([...all, ...spans].map((one) => [one.id ?? '', one]))
  const levels = createLevelReader(byId)
  const requiredOf = (one: Group) => {
    const required = [...levels(one)].flatMap(([name, level]) => (level === 'required' ? name : []))
    return {
      ...(one.stability === 'stable' && { stable: true }),
      required: required.sort(),
    }
  }
  const entities = all.filter(({ type, deprecated }) => type === 'entity' && !deprecated)
  return {
    format: 'conventions-registry',
    version,
    attributes: toSorted(attributes),
    spans: toSorted(
      spans.map((one) => {
        // Recommended unless it says otherwise; what is so on a condition is left out.
        const recommended = [...levels(one)].flatMap(([name, level = 'recommended']) =>
          level === 'recommended' ? name : [],
        )
        const rule = { ...requiredOf(one), recommended: recommended.sort() }
        return [(one.id ?? '').replace(/^span\./, ''), rule] as const
      }),
    ),
    entities: toSorted(
      entities.map(
        (one) =>
          [
            String(one.name),
            { ...requiredOf(one), attributes: [...levels(one).keys()].sort() },
          ] as const,
      ),
    ),
  }
}

function toSorted<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function listAttributes(
  found: readonly { readonly own: ModelAttribute; readonly prefix: object }[],
): readonly (readonly [string, AttributeData])[] {
  const defined = found.flatMap(({ own, prefix }) => {
    const id = own.key ?? own.id
    if (id === undefined || own.type === undefined) return []
    const before = 'prefix' in prefix && typeof prefix.prefix === 'string' ? prefix.prefix : ''
    return [{ name: before === '' ? id : `${before}.${id}`, own }]
  })
  const names = new Set(defined.map(({ name }) => name))
  return defined.map(({ name, own }) => [name, createRule(own, names)] as const)
}

function createRule(own: ModelAttribute, names: ReadonlySet<string>): AttributeData {
  const { type = 'any', stability, deprecated } = own
  const shared = {
    ...(stability === 'stable' && { stable: true }),
    ...(deprecated !== undefined && { deprecated: readDeprecation(deprecated, names) }),
  }
  if (typeof type === 'string') return { type, ...shared }
  const current = type.members.filter((one) => one.deprecated === undefined)
  const old = type.members.filter((one) => one.deprecated !== undefined)
  const [first] = type.members
  return {
    type: typeof first?.value === 'number' ? 'int' : 'string',
    ...shared,
    values: current.map(({ value }) => (typeof value === 'number' ? value : String(value))),
    ...(old.length > 0 && {
      oldValues: Object.fromEntries(
        old.map(({ value, deprecated: why = '' }) => [
          String(value),
          typeof why === 'string' ? '' : (why.renamed_to ?? ''),
        ]),
      ),
    }),
  }
}

/** Where a name was not simply renamed, the names to send instead stand in the note. */
function readDeprecation(deprecated: Deprecation, names: ReadonlySet<string>) {
  if (typeof deprecated === 'string') return { to: findNames(deprecated, names), note: deprecated }
  const { renamed_to: renamedTo, note } = deprecated
  const words = note.trim().replace(/\s+/g, ' ')
  return {
    to: renamedTo === undefined ? findNames(words, names) : [renamedTo],
    note: renamedTo === undefined ? words.slice(0, noteCharsMax) : '',
  }
}

function findNames(note: string, names: ReadonlySet<string>): string[] {
  return [...note.matchAll(/`([a-z][\w.-]*)`/g)].flatMap(([, name = '']) =>
    names.has(name) || names.has(name.slice(0, Math.max(0, name.lastIndexOf('.')))) ? name : [],
  )
}

/** Reads the requirement level of each attribute of a group: its own, or else of what it refers to and extends. */
function createLevelReader(byId: ReadonlyMap<string, Group>) {
  const depthMax = 16
  return function levels(one: Group, depth = 0): ReadonlyMap<string, unknown> {
    const found = new Map<string, unknown>()
    if (depth > depthMax) throw new Error(`${one.id ?? ''}: extends itself`)
    const parents = [
      one.extends,
      ...one.attributes.map(({ ref_group: reference }) => reference),
    ].flatMap((id) => byId.get(id ?? '') ?? [])
    for (const parent of parents)
      for (const [name, level] of levels(parent, depth + 1)) found.set(name, level)
    for (const { ref, id, key, requirement_level: level } of one.attributes) {
      const name = ref ?? key ?? id
      if (name !== undefined && (level !== undefined || !found.has(name))) found.set(name, level)
    }
    return found
  }
}
