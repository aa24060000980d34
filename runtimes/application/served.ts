import type { Application } from './define-application.ts'

/** The application that a command serves: the one of this repository, or the one that `--app` names. */
export type Served = {
  readonly application: Application
  /** What `--app` was bundled to; none for the one of this repository. */
  readonly bundle?: AppBundle
  /** What the person should know of it, a sentence each. */
  readonly notes: readonly string[]
}

/** An application that is served in the place of this repository's, in a form that every runtime can load. */
export type AppBundle = {
  /** Of the application. */
  readonly name: string
  /** The module that exports it by default. */
  readonly file: string
  /** Holds what is made of it for runtimes that need a bundle of their own, and its static files in `static`. */
  readonly folder: string
  /** Variables of `--env-file` and of the app's own `wrangler.toml`, for every runtime. */
  readonly variables: Readonly<Record<string, string>>
  /** From outside this repository: its code stays readable, and Deno lets it do what it likes. */
  readonly isForeign: boolean
}
