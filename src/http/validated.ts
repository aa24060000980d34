import type { Context, Env, MiddlewareHandler } from 'hono'
import { resolver, uniqueSymbol } from 'hono-openapi'
import * as v from 'valibot'
import { readJsonObject } from './json-object.ts'
import { Problem } from './problem.ts'

type ObjectSchema = v.GenericSchema<object, object>

type Input<Target extends string, Schema extends ObjectSchema> = {
  readonly in: { readonly [key in Target]: v.InferInput<Schema> }
  readonly out: { readonly [key in Target]: v.InferOutput<Schema> }
}

/**
 * Checks the parameters in the path; the handler finds them in `c.req.valid('param')`.
 *
 * Like its two siblings it breaks off with a 400 that lists every violation,
 * and gives its schema to the OpenAPI document, so that both cannot differ.
 */
export function validatedParam<Schema extends ObjectSchema>(schema: Schema) {
  return validated('param', schema, 'input', (c) => c.req.param())
}

/** Checks the query; the handler finds it in `c.req.valid('query')`. A parameter given more than once is an array. */
export function validatedQuery<Schema extends ObjectSchema>(schema: Schema) {
  return validated('query', schema, 'output', (c) =>
    Object.fromEntries(
      Object.entries(c.req.queries()).map(([name, values]) => [
        name,
        values.length === 1 ? values[0] : values,
      ]),
    ),
  )
}

/** Checks the JSON body, of at most `bytesMax`; the handler finds it in `c.req.valid('json')`. */
export function validatedJson<Schema extends ObjectSchema>(schema: Schema, bytesMax: number) {
  return validated('json', schema, 'input', (c) => readJsonObject(c, bytesMax))
}

function validated<Target extends 'json' | 'param' | 'query', Schema extends ObjectSchema>(
  target: Target,
  schema: Schema,
  typeMode: 'input' | 'output',
  read: (c: Context) => unknown,
): MiddlewareHandler<Env, string, Input<Target, Schema>> {
  const middleware: MiddlewareHandler<Env, string, Input<Target, Schema>> = async (c, next) => {
    const result = v.safeParse(schema, await read(c))
    if (!result.success) throw toInvalid(target, result.issues)
    c.req.addValidatedData(target, result.output)
    await next()
  }
  // The mark by which hono-openapi finds what to document; its own `validator` would read a body
  // of any length and answer in its own shape.
  return Object.assign(middleware, {
    [uniqueSymbol]: { target, ...resolver(schema, { options: { typeMode } }) },
  })
}

const places = { json: 'body', param: 'path', query: 'query' } as const

function toInvalid(target: keyof typeof places, issues: readonly v.BaseIssue<unknown>[]): Problem {
  const errors = issues.map((issue) => ({
    path: v.getDotPath(issue) ?? '',
    message: issue.message,
  }))
  return new Problem(400, `${places[target]}: expected other values, see errors`, { errors })
}
