import * as v from 'valibot'
import { differenceKinds } from '../../comparison/differences/difference.ts'
import { matchesPattern } from '../../comparison/trace/pattern.ts'
import { requestSchema } from './parse-request.ts'
import { operationsMax, type Scenario } from './scenario.ts'

/**
 * Checks what a scenario file exported. The types are for its author's editor; a file is run
 * without them.
 *
 * @throws With the field and the expectation.
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
        `operations.${index}.name: expected a unique name, got ${JSON.stringify(operation.name)} again`,
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

/** Checks of a function only that it is one: its results are checked when it is called. */
function isScenario(exported: unknown): exported is Scenario {
  return v.is(scenarioSchema, exported)
}

const callable = v.custom<(...args: never) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
)

/** A rule that matches nothing or has no reason is a mistake; a misspelt rule would be silent. */
const reason = v.pipe(v.string('expected a reason'), v.nonEmpty('expected a reason'))

const matchesSchema = v.strictObject({
  kind: v.pipe(
    v.string(),
    v.check(
      (pattern) => differenceKinds.some((kind) => matchesPattern(pattern, kind)),
      ({ input }) =>
        `expected a pattern of kinds of differences, such as span.extra or attribute.*, got ${JSON.stringify(input)}`,
    ),
  ),
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
          expects: v.optional(
            v.pipe(
              v.number('expected a status, such as 404'),
              v.integer('expected a status, such as 404'),
              v.minValue(200, 'expected a status from 200 to 599'),
              v.maxValue(599, 'expected a status from 200 to 599'),
            ),
          ),
          remember: v.optional(callable),
          undo: v.optional(callable),
        }),
        'expected a list of operations',
      ),
      v.minLength(1, 'expected at least one operation'),
      v.maxLength(operationsMax, `expected at most ${operationsMax} operations`),
    ),
    volatile: v.optional(
      v.array(
        v.strictObject({
          on: v.optional(
            v.picklist(
              ['span', 'event', 'resource', 'log', 'log.body'],
              'expected span, event, resource, log or log.body',
            ),
          ),
          key: v.string(),
          path: v.optional(v.string()),
          ignore: v.picklist(['value', 'ids'], 'expected value or ids'),
          reason,
        }),
      ),
    ),
    answers: v.optional(
      v.strictObject({
        headers: v.optional(
          v.array(v.strictObject({ name: v.string(), normalize: callable, reason })),
        ),
        body: v.optional(
          v.array(
            v.strictObject({
              operation: v.optional(v.string()),
              pointer: v.string(),
              ignore: v.picklist(['value', 'ids', 'elements'], 'expected value, ids or elements'),
              reason,
            }),
          ),
        ),
      }),
    ),
    occasional: v.optional(v.array(v.strictObject({ matches: matchesSchema, reason }))),
    known: v.optional(
      v.array(
        v.strictObject({
          runtime: v.string(),
          matches: matchesSchema,
          reason,
          mayBeAbsent: v.optional(v.boolean()),
        }),
      ),
    ),
  },
  'expected a scenario with a name and operations',
)
