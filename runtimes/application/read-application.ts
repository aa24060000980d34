import * as v from 'valibot'
import type { TraceableApp } from '../../observability/telemetry/request/traceable-app.ts'
import type { Application } from './define-application.ts'

/** What a module exports that says which app this is. */
export type ApplicationModule = { readonly default?: unknown; readonly app?: unknown }

const callable = v.custom<(...args: never) => unknown>((value) => typeof value === 'function')
const app = v.looseObject({ fetch: callable })
const application = v.looseObject({
  name: v.pipe(v.string(), v.regex(/^[a-z\d][a-z\d-]{0,62}$/i)),
  title: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(100))),
  version: v.optional(v.string()),
  create: callable,
  database: v.optional(
    v.object({
      name: v.pipe(v.string(), v.regex(/^[a-z_][a-z\d_]{0,62}$/)),
      migrations: v.record(v.string(), v.object({ up: callable })),
    }),
  ),
  readyPath: v.optional(v.pipe(v.string(), v.startsWith('/'))),
  scenario: v.optional(v.looseObject({})),
  requests: v.optional(v.array(v.string())),
  staticFiles: v.optional(v.object({ package: v.string(), names: v.array(v.string()) })),
})

/** What a module exports is no application. */
class UnusableExportError extends Error {
  override readonly name = 'UnusableExportError'
}

/**
 * The application of a module: one that `defineApplication` made, or an app as it is, exported by default or as `app`.
 *
 * @param named The name and the version of an app that says neither.
 * @throws Error with what was expected, and what came instead.
 */
export function readApplication(
  module: ApplicationModule,
  named: { readonly name: string; readonly version?: string },
): Application {
  const exported = module.default ?? module.app
  if (isApp(exported)) return { ...named, create: () => exported }
  if (isApplication(exported)) return { ...named, ...exported }
  throw new UnusableExportError(describeExport(exported))
}

function isApp(exported: unknown): exported is TraceableApp {
  return v.is(app, exported)
}

function isApplication(exported: unknown): exported is Application {
  return v.is(application, exported)
}

function describeExport(exported: unknown): string {
  const expected =
    'expected a Hono app, anything with fetch(request, env, ctx), or defineApplication({ … })'
  if (exported === undefined)
    return `${expected} as its default export, got none; add \`export default app\``
  if (typeof exported !== 'object' || exported === null)
    return `default export: ${expected}, got a ${typeof exported}`
  if (!('create' in exported))
    return `default export: ${expected}, got an object with ${Object.keys(exported).slice(0, 5).join(', ') || 'nothing in it'}`
  const [issue] = v.safeParse(application, exported).issues ?? []
  return `default export: ${issue && v.getDotPath(issue)}: ${issue?.message}`
}
