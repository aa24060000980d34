import { join } from 'node:path'
import { projectFolder } from './project-folder.ts'

/** Where a runtime is to listen, and what it is to talk to. */
export type LaunchSettings = {
  /** On 127.0.0.1. */
  readonly port: number
  readonly databaseUrl: string
  /** The `OTEL_*` and other variables of `environment.ts`; the same for every runtime. */
  readonly variables: Readonly<Record<string, string>>
}

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
   * @throws MissingRuntimeError where npm had none for this platform.
   */
  findProgram(): string
  /** Makes what a launch needs besides, such as a bundle. May run while the database starts; called once or more. */
  prepare(): Promise<void>
  /** How to launch it, as a process of its own that ends at SIGTERM. */
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
