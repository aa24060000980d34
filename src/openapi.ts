import type { Hono } from 'hono'
import { describeRoute, generateSpecs, type ResponsesWithResolver, resolver } from 'hono-openapi'
import type * as v from 'valibot'
import { type ProblemStatus, problemSchema } from './http/problem.ts'

/** Describes an answer with a JSON body of the given schema, under its status. */
export function describeJson(
  status: number,
  description: string,
  schema: v.GenericSchema,
  headers: Readonly<Record<string, string>> = {},
): ResponsesWithResolver {
  return {
    [status]: {
      description,
      headers: describeHeaders(headers),
      content: { 'application/json': { schema: resolver(schema) } },
    },
  }
}

const reasons: Readonly<Record<ProblemStatus, string>> = {
  400: 'The request breaks a rule; `errors` lists each.',
  404: 'There is no such Todo.',
  405: 'The route does not answer this method.',
  413: 'The body is over the limit.',
  415: 'The body is not JSON.',
  421: 'The service does not answer to this `Host`.',
  500: 'The service failed.',
  503: 'The database cannot be reached right now.',
}

/** Describes the problems that an operation may answer with; every one may be misdirected, or fail with a 500. */
export function describeProblems(...statuses: readonly ProblemStatus[]): ResponsesWithResolver {
  return Object.fromEntries(
    [...statuses, 421 as const, 500 as const].map((status) => [
      status,
      {
        description: reasons[status],
        headers: status === 503 ? retryAfter : {},
        content: { 'application/problem+json': { schema: resolver(problemSchema) } },
      },
    ]),
  )
}

const retryAfter = {
  'Retry-After': {
    description:
      'Seconds to wait before another try; absent when the request may still be carried out.',
    schema: { type: 'string' as const },
  },
}

function describeHeaders(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, required: true, schema: { type: 'string' as const } },
    ]),
  )
}

/**
 * Serves the OpenAPI 3.1 document of all described routes at `/openapi.json`.
 *
 * It is made at the first request, from the same schemas that validate: the
 * converter is loaded only then, so that it costs no start-up.
 */
export function serveOpenapi(app: Hono, version: string): void {
  let document: Awaited<ReturnType<typeof generateSpecs>> | undefined

  app.get(
    '/openapi.json',
    describeRoute({
      operationId: 'getOpenapi',
      summary: 'This document',
      tags: ['Service'],
      responses: {
        200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: {} } } },
        ...describeProblems(),
      },
    }),
    async (c) => {
      document ??= await generateSpecs(app, {
        documentation: {
          info: {
            title: 'Todo API',
            version,
            description: 'One Todo API, the same on every runtime.',
          },
          tags: [{ name: 'Todos' }, { name: 'Service' }],
        },
        excludeStaticFile: false,
        defaultValidationErrorResponse: false,
      })
      return c.json(document)
    },
  )
}
