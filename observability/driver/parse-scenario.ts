import * as v from 'valibot'
import { operationsMax, type Scenario } from './scenario.ts'

/**
 * Checks what a scenario file exported. The types are for its author's editor; a file is run
 * without them.
 *
 * @throws With the place and what was expected there.
 */
export function parseScenario(exported: unknown): Scenario {
  if (!isScenario(exported)) {
    const [issue] = v.safeParse(scenarioSchema, exported).issues ?? []
    const path = issue && v.getDotPath(issue)
    throw new Error(`${path ?? 'default export'}: ${issue?.message}`)
  }
  const names = exported.operations.map(({ name }) => name)
  for (const [index, operation] of exported.operations.entries()) {
    if (names.indexOf(operation.name) !== index) {
      throw new Error(
        `operations.${index}.name: expected a name of its own, got ${JSON.stringify(operation.name)} again`,
      )
    }
    const unknown = operation.after?.find((name) => !names.includes(name))
    if (unknown !== undefined) {
      throw new Error(
        `operations.${index}.after: expected names of operations, got ${JSON.stringify(unknown)}`,
      )
    }
  }
  return exported
}

/** Of functions only that they are functions: what they give is seen when they are called. */
function isScenario(exported: unknown): exported is Scenario {
  return v.is(scenarioSchema, exported)
}

const callable = v.custom<(...args: never) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
)

const requestSchema = v.looseObject(
  {
    method: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]+$/, 'expected a method, such as GET'))),
    path: v.pipe(
      v.string('expected a path'),
      v.startsWith('/', 'expected a path that begins with /'),
    ),
    headers: v.optional(v.record(v.string(), v.string())),
    body: v.optional(v.unknown()),
  },
  'expected a request with a path, or a function that gives one',
)

const matchesSchema = v.strictObject({
  kind: v.string(),
  operation: v.optional(v.string()),
  path: v.optional(v.string()),
  subject: v.optional(v.string()),
})

const scenarioSchema = v.looseObject(
  {
    name: v.pipe(v.string('expected a name'), v.nonEmpty('expected a name')),
    operations: v.pipe(
      v.array(
        v.strictObject({
          name: v.pipe(v.string('expected a name'), v.nonEmpty('expected a name')),
          request: v.union(
            [callable, requestSchema],
            'expected a request with a path that begins with /, or a function that gives one',
          ),
          after: v.optional(v.array(v.string())),
          remember: v.optional(callable),
          undo: v.optional(callable),
        }),
        'expected a list of operations',
      ),
      v.minLength(1, 'expected at least one operation'),
      v.maxLength(operationsMax, `expected at most ${operationsMax} operations`),
    ),
    volatile: v.optional(v.array(v.looseObject({ key: v.string(), reason: v.string() }))),
    answers: v.optional(
      v.strictObject({
        headers: v.optional(v.array(v.looseObject({ name: v.string(), normalize: callable }))),
        body: v.optional(v.array(v.looseObject({ pointer: v.string(), ignore: v.string() }))),
      }),
    ),
    occasional: v.optional(v.array(v.strictObject({ matches: matchesSchema, reason: v.string() }))),
    known: v.optional(
      v.array(v.strictObject({ runtime: v.string(), matches: matchesSchema, reason: v.string() })),
    ),
  },
  'expected a scenario with a name and operations',
)
