import { toJsonSchemaDefs } from '@valibot/to-json-schema'
import packageJson from '../../../../package.json' with { type: 'json' }
import { type ApiOperation, apiPaths } from './api-paths.ts'
import { apiSchemas } from './api-schemas.ts'

/**
 * What the collector can be asked, as an OpenAPI 3.1 document. Made of the same paths, parameters and schemas by which it
 * answers.
 */
export function createOpenApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Embedded collector',
      description:
        'What the collector has received: traces, log records, numbers, and runs of earlier.',
      version: packageJson.version,
    },
    paths: Object.fromEntries(
      Object.entries(apiPaths).map(([path, operations]) => [
        path,
        Object.fromEntries(
          Object.entries<ApiOperation>(operations).map(([method, operation]) => [
            method.toLowerCase(),
            describeOperation(method, path, operation),
          ]),
        ),
      ]),
    ),
    components: {
      schemas: toJsonSchemaDefs(apiSchemas, {
        target: 'draft-2020-12',
        // Whether what is answered can be changed is no matter of JSON.
        ignoreActions: ['readonly'],
        overrideRef: ({ referenceId }) => refTo(referenceId),
      }),
    },
  }
}

function describeOperation(method: string, path: string, operation: ApiOperation): object {
  const { summary, header, body } = operation
  const [, id] = /\{(\w+)\}/.exec(path) ?? []
  return {
    operationId: nameOperation(method, path),
    summary,
    parameters: [
      ...(id === undefined
        ? []
        : [{ name: id, in: 'path', required: true, schema: { type: 'string' } }]),
      ...Object.entries(operation.parameters ?? {}).map(([name, { description, ...schema }]) => ({
        name,
        in: 'query',
        description,
        schema: { type: 'string', ...schema },
      })),
      ...(header === undefined
        ? []
        : [{ name: header.name, in: 'header', required: true, schema: { const: header.value } }]),
    ],
    ...(body && {
      requestBody: {
        required: true,
        description: body,
        content: { 'application/octet-stream': {} },
      },
    }),
    responses: {
      [operation.answer.status]: describeAnswer(operation),
      ...Object.fromEntries(
        [...(operation.problems ?? []), ...anyProblems].map((status) => [
          status,
          {
            description: problems[status],
            content: { 'application/problem+json': { schema: { $ref: refTo('Problem') } } },
          },
        ]),
      ),
    },
  }
}

function describeAnswer({ summary, answer }: ApiOperation): object {
  if (answer.status === 204) return { description: 'Done' }
  const content =
    'schema' in answer
      ? { 'application/json': { schema: { $ref: refTo(answer.schema) } } }
      : { [answer.type]: {} }
  return { description: summary, content }
}

/** `GET /api/runs/{id}` → `getApiRunsId`. */
function nameOperation(method: string, path: string): string {
  const words = path.match(/\w+/g) ?? ['list']
  const name = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
  return `${method.toLowerCase()}${name}`
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`
}

/** Any question may be refused so. */
const anyProblems = [403, 421, 500, 503] as const

const problems = {
  400: 'A parameter or the body is not what is expected; `detail` names it.',
  403: 'The request is of a page of another origin, or lacks a header.',
  404: 'What is asked for is not stored, or no longer.',
  409: 'It is being done already.',
  421: 'The request names a host that is not ours.',
  500: 'The collector failed on this question.',
  503: 'Too much is asked at once; ask again later.',
} as const
