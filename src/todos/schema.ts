import * as v from 'valibot'

/** Characters of a title, counted as Unicode code points, as PostgreSQL's `varchar` counts them. */
const titleCharactersMax = 200

/** Characters of a description, counted the same way: a list of `limitMax` must fit into memory. */
const descriptionCharactersMax = 10_000

/** Todos in one answer to a list. */
export const limitMax = 500
const limitDefault = 100

const textSchema = v.pipe(
  v.string(expectedA('string')),
  v.check(isStorable, 'expected Unicode text without NUL, got text that cannot be stored'),
  // The same rule in the OpenAPI document: with the `u` flag, which JSON Schema demands, a pair is one character, so
  // this range matches only lone surrogates.
  v.metadata({ pattern: String.raw`^[^\u0000\uD800-\uDFFF]*$` }),
)

const titleSchema = v.pipe(
  textSchema,
  v.check(
    (title) => title !== '' && hasAtMost(titleCharactersMax, title),
    (issue) =>
      `expected 1 to ${titleCharactersMax} characters, got ${issue.input === '' ? 'none' : 'more'}`,
  ),
  // JSON Schema counts code points too (Validation §6.3), so this says the same as the check.
  v.metadata({ minLength: 1, maxLength: titleCharactersMax, examples: ['buy milk'] }),
)

const descriptionSchema = v.nullable(
  v.pipe(
    textSchema,
    v.check(
      (description) => hasAtMost(descriptionCharactersMax, description),
      `expected at most ${descriptionCharactersMax} characters, got more`,
    ),
    v.metadata({ maxLength: descriptionCharactersMax }),
  ),
)

const completedSchema = v.boolean(expectedA('boolean'))

/** A Todo as every answer shows it. Times are RFC 3339 in UTC, in whole milliseconds. */
export const todoSchema = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.uuid()),
    title: titleSchema,
    // No length: a description stored before the limit existed stays readable.
    description: v.nullable(textSchema),
    completed: completedSchema,
    created_at: v.pipe(v.string(), v.isoTimestamp()),
    updated_at: v.pipe(v.string(), v.isoTimestamp()),
  }),
  v.metadata({ ref: 'Todo' }),
)
/** A stored Todo, as answers show it. */
export type Todo = Readonly<v.InferOutput<typeof todoSchema>>

/** A client's fields for a new Todo. Unknown fields are dropped. */
export const todoCreateSchema = v.pipe(
  v.object(
    {
      title: titleSchema,
      description: v.optional(descriptionSchema, null),
      completed: v.optional(completedSchema, false),
    },
    'expected a value, got none',
  ),
  v.metadata({ ref: 'TodoCreate' }),
)
/** A new Todo with its defaults filled in. */
export type TodoCreate = Readonly<v.InferOutput<typeof todoCreateSchema>>

/** A client's changes: only the fields that are present. Unknown fields are dropped. */
export const todoUpdateSchema = v.pipe(
  v.object({
    title: v.exactOptional(titleSchema),
    description: v.exactOptional(descriptionSchema),
    completed: v.exactOptional(completedSchema),
  }),
  v.metadata({ ref: 'TodoUpdate' }),
)
/** Changes to a Todo; an absent field stays as it is. */
export type TodoUpdate = Readonly<v.InferOutput<typeof todoUpdateSchema>>

/** The id in a path: any UUID in its 8-4-4-4-12 form, in either case; lower case from here on. */
export const todoIdSchema = v.object({
  id: v.pipe(v.string(), v.uuid('expected a UUID'), v.toLowerCase()),
})

/** A part of the list: `skip` from 0 to `Number.MAX_SAFE_INTEGER`, `limit` from 1 to `limitMax`. */
export const pageSchema = v.object({
  skip: integerSchema({ min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 }),
  limit: integerSchema({ min: 1, max: limitMax, fallback: limitDefault }),
})
/** Which part of the list is wanted. */
export type Page = Readonly<v.InferOutput<typeof pageSchema>>

/** A query parameter in decimal digits. A repeated parameter is refused, because it is ambiguous. */
function integerSchema({ min, max, fallback }: { min: number; max: number; fallback: number }) {
  const message = `expected one integer from ${min} to ${max} in decimal digits`
  return v.pipe(
    v.optional(v.string(message), String(fallback)),
    // No safe integer has more digits, and what has no more is never infinite.
    v.regex(/^\d{1,16}$/, message),
    v.transform(Number),
    v.number(message),
    v.integer(),
    v.minValue(min, message),
    v.maxValue(max, message),
    v.metadata({ default: fallback }),
  )
}

/** PostgreSQL stores no NUL, and UTF-8 has no lone surrogates: a driver would store U+FFFD in their place. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function hasAtMost(charactersMax: number, text: string): boolean {
  // A code point takes one unit or two, so the costly count is only made where it decides.
  return (
    text.length <= charactersMax ||
    (text.length <= 2 * charactersMax && [...text].length <= charactersMax)
  )
}

function expectedA(type: string): (issue: v.BaseIssue<unknown>) => string {
  return ({ input }) => `expected a ${type}, got ${nameType(input)}`
}

function nameType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
