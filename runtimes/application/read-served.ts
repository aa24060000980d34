import own from '../application.ts'
import type { Runtime } from '../runtime.ts'
import type { Served } from './served.ts'

/** What a command line says of the app. */
export type AppChoice = {
  /** The file of an app; without it, the application of this repository is served. */
  readonly app: string | undefined
  /** For the app, on every runtime. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * Finds the application that is served, bundling it if it is not the one of this repository.
 *
 * @throws StartError when there is none, with what was expected.
 */
export async function readServed(
  { app, variables }: AppChoice,
  runtimes: readonly Runtime[],
): Promise<Served> {
  if (app === undefined) return { application: own, notes: [] }
  // Not before: a container that makes traffic has no bundler.
  const { readForeignApp } = await import('./read-foreign-app.ts')
  return readForeignApp(app, variables, runtimes)
}
