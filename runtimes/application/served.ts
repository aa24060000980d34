import type { Application } from './define-application.ts'

/** The application that a command serves: the one of this repository, or the one that `--app` names. */
export type Served = {
  readonly application: Application
  /** What `--app` was bundled to; none for the one of this repository. */
  readonly bundle?: AppBundle
  /** What the person should know of it, a sentence each. */
  readonly notes: readonly string[]
}

/** An app from another folder, bundled so that every runtime can load it. */
export type AppBundle = {
  /** Of the application. */
  readonly name: string
  /** Holds `app.mjs`, and what is made of it for runtimes that need a bundle of their own. */
  readonly folder: string
  /** Variables of `--env-file` and of the app's own `wrangler.toml`, for every runtime. */
  readonly variables: Readonly<Record<string, string>>
}

/** Where a bundle keeps the application itself, as the default export of a module. */
export const bundleFileName = 'app.mjs'
