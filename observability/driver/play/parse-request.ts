import * as v from 'valibot'
import type { Memory, ScenarioRequest } from './scenario.ts'

/** A scenario file is run without its types, so what its functions give is checked when they give it. */
export const requestSchema = v.looseObject(
  {
    method: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]+$/, 'expected a method, such as GET'))),
    path: v.pipe(
      v.string('expected a path'),
      v.startsWith('/', 'expected a path that begins with /'),
    ),
    headers: v.optional(v.record(v.string(), v.string())),
    body: v.optional(v.unknown()),
  },
  'expected a request with a path',
)

const memorySchema = v.record(v.string(), v.string())

/**
 * Checks the result of a scenario's `request` or `undo`.
 *
 * @throws With field and expectation.
 */
export function parseRequest(given: unknown): ScenarioRequest {
  if (isRequest(given)) return given
  const [issue] = v.safeParse(requestSchema, given).issues ?? []
  const path = issue && v.getDotPath(issue)
  throw new Error(`${path ?? 'request'}: ${issue?.message}, got ${describe(given)}`)
}

/**
 * Checks the result of a scenario's `remember`.
 *
 * @throws With the expectation.
 */
export function parseMemory(given: unknown): Memory {
  if (!(given instanceof Promise) && v.is(memorySchema, given)) return given
  throw new Error(`remember: expected texts by name, got ${describe(given)}`)
}

function isRequest(given: unknown): given is ScenarioRequest {
  return v.is(requestSchema, given)
}

function describe(given: unknown): string {
  if (given instanceof Promise) return 'a promise'
  return (JSON.stringify(given) ?? String(given)).slice(0, 100)
}
