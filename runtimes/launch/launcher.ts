import { join } from 'node:path'
import type { AppBundle } from '../application/served.ts'
import { projectFolder } from '../processes/project-folder.ts'

/** A runtime's own address, and the addresses of database and collector. */
export type LaunchSettings = {
  /** On 127.0.0.1. */
  readonly port: number
  /** What is served in the place of this repository's application. */
  readonly bundle?: AppBundle | undefined
  /** The path that answers 200 once it can serve; without one, a port that accepts is enough. */
  readonly readyPath?: string | undefined
  /** For an application that names a database. */
  readonly databaseUrl?: string | undefined
  /** The `OTEL_*` and other variables of `environment.ts`; the same for every runtime. */
  readonly variables: Readonly<Record<string, string>>
}

/** A program with its arguments and its environment. */
export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** For a platform that accepts before it has read the application: what it answers itself, once it has. */
  readonly loadedPath?: string
}

/** How a runtime is started on this machine. */
export type Launcher = {
  /**
   * Finds the program that runs it.
   *
   * @throws MissingRuntimeError if npm has no program for this platform.
   */
  findProgram(): string
  /** Builds what a launch needs, such as a bundle. May run while the database starts; called once or more. */
  prepare(bundle?: AppBundle): Promise<void>
  /** The command that launches it in its own process, which ends at SIGTERM. */
  createCommand(settings: LaunchSettings): Promise<Command>
}

/** The variables of a runtime that is given them as a process is. */
export function environmentOf(settings: LaunchSettings): Command['env'] {
  const { bundle } = settings
  return {
    ...process.env,
    ...bundle?.variables,
    ...settings.variables,
    HOST: '127.0.0.1',
    PORT: String(settings.port),
    ...(settings.databaseUrl !== undefined && { DATABASE_URL: settings.databaseUrl }),
    ...(bundle !== undefined && { APPLICATION_BUNDLE: bundle.file }),
  }
}

/** The program of a runtime that runs it from its source. */
export function mainOf(name: string): string {
  return join(projectFolder, 'runtimes', name, 'main.ts')
}
