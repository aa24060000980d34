import { join } from 'node:path'
import { projectFolder } from './project-folder.ts'

/** A runtime's own address, and the addresses of database and collector. */
export type LaunchSettings = {
  /** On 127.0.0.1. */
  readonly port: number
  readonly databaseUrl: string
  /** The `OTEL_*` and other variables of `environment.ts`; the same for every runtime. */
  readonly variables: Readonly<Record<string, string>>
}

/** A program with its arguments and its environment. */
export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
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
  prepare(): Promise<void>
  /** The command that launches it in its own process, which ends at SIGTERM. */
  createCommand(settings: LaunchSettings): Promise<Command>
}

/** The variables of a runtime that is given them as a process is. */
export function environmentOf({ port, databaseUrl, variables }: LaunchSettings): Command['env'] {
  return {
    ...process.env,
    ...variables,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
  }
}

/** The program of a runtime that runs it from its source. */
export function mainOf(name: string): string {
  return join(projectFolder, 'runtimes', name, 'main.ts')
}
