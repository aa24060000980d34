import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import * as v from 'valibot'
import type { Application, Given } from './define-application.ts'

/** One route of a Hono app, such as `GET` and `/notes/:id`. */
export type AppRoute = { readonly method: string; readonly path: string }

const withRoutes = v.object({
  routes: v.array(v.object({ method: v.string(), path: v.string() })),
})

/**
 * The routes of an application, each once and without middleware, in the order of their being added. None of what only
 * has a `fetch`.
 */
export function listRoutes(application: Application): readonly AppRoute[] {
  const parsed = v.safeParse(withRoutes, application.create(nothingGiven))
  if (!parsed.success) return []
  const seen = new Set<string>()
  return parsed.output.routes.filter(({ method, path }) => {
    const key = `${method} ${path}`
    const isNew = method !== 'ALL' && !seen.has(key)
    seen.add(key)
    return isNew
  })
}

/** The paths that a GET alone can ask for. */
export function listPlainPaths(application: Application): readonly string[] {
  return listRoutes(application)
    .filter(({ method, path }) => method === 'GET' && !/[:*{]/.test(path))
    .map(({ path }) => path)
}

/** For an app that is only looked at: its database never answers. */
const nothingGiven: Given = {
  version: '0.0.0',
  log() {},
  database: <DB>() =>
    new Kysely<DB>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    }),
  ping: async () => 'ready',
  readOutage: () => undefined,
  readStaticFile: async () => null,
  settings: { allowedHosts: undefined, allowedOrigins: [], bodyBytesMax: 2 ** 20 },
}
