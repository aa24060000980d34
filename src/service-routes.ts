import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import * as v from 'valibot'
import { createUnavailable } from './http/problem.ts'
import { describeJson, describeProblems } from './openapi.ts'

const welcomeSchema = v.object({
  message: v.string(),
  docs: v.literal('/docs'),
  health: v.literal('/health'),
})

const healthSchema = v.object({ status: v.literal('healthy'), service: v.literal('todo-api') })

const readinessSchema = v.object({
  status: v.pipe(
    v.union([v.literal('ready'), v.literal('busy')]),
    v.description('`busy`: the database answers, but all connections to it are in use or blocked.'),
  ),
  service: v.literal('todo-api'),
})

/**
 * Resolves with `ready` when requests reach the database, with `busy` when it answers only outside the connections that
 * requests share, and rejects when it does not answer.
 */
export type Ping = () => Promise<'ready' | 'busy'>

/** The service's own state: `/`, `/health` (the process answers) and `/ready` (the database answers too). */
export function serviceRoutes(ping: Ping): Hono {
  return new Hono()
    .get(
      '/',
      describeRoute({
        operationId: 'getWelcome',
        summary: 'Where to look next',
        tags: ['Service'],
        responses: { ...describeJson(200, 'A welcome.', welcomeSchema), ...describeProblems() },
      }),
      (c) =>
        c.json({
          message: 'Todo API',
          docs: '/docs',
          health: '/health',
        } satisfies v.InferOutput<typeof welcomeSchema>),
    )
    .get(
      '/health',
      describeRoute({
        operationId: 'getHealth',
        summary: 'Whether the process answers; touches no database',
        tags: ['Service'],
        responses: { ...describeJson(200, 'It does.', healthSchema), ...describeProblems() },
      }),
      (c) =>
        c.json({ status: 'healthy', service: 'todo-api' } satisfies v.InferOutput<
          typeof healthSchema
        >),
    )
    .get(
      '/ready',
      describeRoute({
        operationId: 'getReadiness',
        summary: 'Whether the database answers',
        tags: ['Service'],
        responses: { ...describeJson(200, 'It does.', readinessSchema), ...describeProblems(503) },
      }),
      async (c) => {
        const status = await ping().catch((cause) => {
          // For any reason: a service whose database does not answer is not ready, so this is no 500.
          throw createUnavailable(cause, 'not-done')
        })
        // Busy is a 200: it passes, and an instance that is taken out for it leaves its load to the others, one by one.
        return c.json({ status, service: 'todo-api' } satisfies v.InferOutput<
          typeof readinessSchema
        >)
      },
    )
}
