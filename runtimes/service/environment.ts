import { describeError } from '../../observability/plumbing/describe-error.ts'
import { isLoopback } from '../../observability/plumbing/is-loopback.ts'
import { parseWhole } from '../../observability/plumbing/parse-whole.ts'
import { splitList } from '../../observability/plumbing/split-list.ts'
import {
  parseTelemetrySettings,
  type TelemetrySettings,
} from '../../observability/telemetry/settings/settings.ts'
import type { Variables } from '../../observability/telemetry/settings/variable-reader.ts'
import { readDatabaseUrl } from './database/database-url.ts'

/** Everything that a runtime can be told from outside; the same names on all of them. */
export type Environment = {
  /** `HOST`, loopback by default. */
  readonly host: string
  /** `PORT`. */
  readonly port: number
  /** None for an application that names no database. */
  readonly database?: DatabaseSettings
  readonly telemetry: TelemetrySettings
  /** `ALLOWED_HOSTS`, separated by commas: names in addition to the local ones, or `*` for all. */
  readonly allowedHosts: readonly string[] | undefined
  /** `CORS_ALLOWED_ORIGINS`, separated by commas; empty by default. */
  readonly allowedOrigins: readonly string[]
  /** `BODY_BYTES_MAX`, 1 MiB by default. */
  readonly bodyBytesMax: number
  /** `REQUEST_LINES`: a line on the output for each request; off by default, on under `npm start`. */
  readonly requestLines: boolean
}

/** How to reach the database, and how long to wait for it. */
export type DatabaseSettings = {
  /** The name of the application, for the database's own lists of who is connected. */
  readonly applicationName?: string
  /** `DATABASE_URL`. */
  readonly url: string
  /** `DATABASE_POOL_MAX`: connections that one process holds at most. */
  readonly poolMax: number
  /**
   * `DATABASE_TIMEOUT_MILLIS`: how long a request waits for a connection, and for a statement. Both together stay below
   * what Bun allows a connection to be silent, 255 s.
   */
  readonly timeoutMillis: number
}

/** A variable that cannot be used; its message is for the person who set it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/** What a runtime presets, and the application that it serves. */
export type EnvironmentDefaults = {
  readonly port: number
  readonly application: { readonly name: string; readonly database?: unknown }
}

/**
 * Reads and checks the variables, once, before anything is started.
 *
 * @throws EnvironmentError that names the variable, what it holds and what it may hold.
 */
export function parseEnvironment(
  variables: Variables,
  { port, application }: EnvironmentDefaults,
): Environment {
  return {
    host: text(variables, 'HOST') ?? '127.0.0.1',
    port: whole(variables, 'PORT', 0, 65_535) ?? port,
    ...(application.database !== undefined && {
      database: { applicationName: application.name, ...parseDatabase(variables) },
    }),
    telemetry: parseTelemetry(variables, application.name),
    allowedHosts: parseHosts(variables),
    allowedOrigins: parseOrigins(variables),
    bodyBytesMax: whole(variables, 'BODY_BYTES_MAX', 1, 2 ** 30) ?? 2 ** 20,
    requestLines: flag(variables, 'REQUEST_LINES'),
  }
}

/**
 * Removes the `OTEL_*` variables of a process after they were read. The SDK reads some itself, by its own rules and not
 * on Workers; with one reader all runtimes obey the same.
 */
export function hideTelemetryVariables(env: Record<string, string | undefined>): void {
  for (const name of Object.keys(env)) if (name.startsWith('OTEL_')) delete env[name]
}

/** The variables that a service reads, by name: those are handed on to runtimes that do not inherit ours. */
export function pickServiceVariables(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const [name, value] of Object.entries(variables))
    if (value !== undefined && (name.startsWith('OTEL_') || serviceVariables.includes(name)))
      picked[name] = value
  return picked
}

const serviceVariables = [
  'ALLOWED_HOSTS',
  'BODY_BYTES_MAX',
  'CORS_ALLOWED_ORIGINS',
  'DATABASE_POOL_MAX',
  'DATABASE_TIMEOUT_MILLIS',
  'REQUEST_LINES',
  'TRUST_FORWARDED',
]

function parseTelemetry(variables: Variables, serviceName: string): TelemetrySettings {
  const settings = parseTelemetrySettings(variables, serviceName)
  return {
    ...settings,
    resourceAttributes: {
      'deployment.environment.name': 'local',
      ...settings.resourceAttributes,
    },
    trustForwarded: flag(variables, 'TRUST_FORWARDED'),
  }
}

function parseDatabase(variables: Variables): Omit<DatabaseSettings, 'applicationName'> {
  return {
    url: parseDatabaseUrl(variables),
    poolMax: whole(variables, 'DATABASE_POOL_MAX', 1, 1000) ?? 10,
    timeoutMillis: whole(variables, 'DATABASE_TIMEOUT_MILLIS', 1, 120_000) ?? 5000,
  }
}

/** Names as a `Host` has them, without a port, or `*` on its own. */
function parseHosts(variables: Variables): readonly string[] | undefined {
  const hosts = list(variables, 'ALLOWED_HOSTS')
  const wrong = hosts.find((host) =>
    host === '*'
      ? hosts.length > 1
      : !/^(?:[a-z\d._-]+|\[?[\da-f.]*:[\da-f:.]*:[\da-f:.]*\]?)$/i.test(host),
  )
  if (wrong === undefined) return hosts.length > 0 ? hosts : undefined
  throw new EnvironmentError(
    `ALLOWED_HOSTS: expected names without a port such as api.example.com, or * on its own, got ${JSON.stringify(wrong.slice(0, 80))}`,
  )
}

/**
 * The default of `ALLOWED_HOSTS` for a program that listens: only local names if only this machine can reach it. On
 * Deno Deploy the address says nothing, and clients use names that the program cannot know.
 */
export function findAllowedHosts(host: string, variables: Variables): readonly string[] {
  return isLoopback(host) && variables.DENO_DEPLOYMENT_ID === undefined ? [host] : ['*']
}

/** Origins as browsers send them, or `*` on its own. */
function parseOrigins(variables: Variables): readonly string[] {
  const origins = list(variables, 'CORS_ALLOWED_ORIGINS')
  const wrong = origins.find((origin) =>
    origin === '*' ? origins.length > 1 : !/^[a-z][a-z\d+.-]*:\/\/[^/\s]+$/.test(origin),
  )
  if (wrong === undefined) return origins
  throw new EnvironmentError(
    `CORS_ALLOWED_ORIGINS: expected origins such as https://example.com, or * on its own, got ${JSON.stringify(wrong.slice(0, 80))}`,
  )
}

/**
 * A message never repeats the URL: it holds a password.
 *
 * @throws EnvironmentError if it is missing or is no URL of a PostgreSQL.
 */
export function parseDatabaseUrl(variables: Variables): string {
  const value = text(variables, 'DATABASE_URL')
  if (value === undefined)
    throw new EnvironmentError(
      'DATABASE_URL: expected a URL such as postgres://user:password@127.0.0.1:5432/name, got nothing; `npm start` sets it',
    )
  try {
    readDatabaseUrl(value)
    return value
  } catch (error) {
    const mistake = describeError(error)
    throw new EnvironmentError(
      `DATABASE_URL: expected a URL such as postgres://user:password@127.0.0.1:5432/name, got another: ${mistake}`,
    )
  }
}

/** A Worker's binding may be a number or a boolean where a process has only text. */
function text(variables: Variables, name: string): string | undefined {
  const value = variables[name]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** Off unless it is `true`. */
function flag(variables: Variables, name: string): boolean {
  const value = text(variables, name)?.toLowerCase() ?? 'false'
  if (value === 'true' || value === 'false') return value === 'true'
  throw new EnvironmentError(
    `${name}: expected true or false, got ${JSON.stringify(value.slice(0, 80))}`,
  )
}

function list(variables: Variables, name: string): readonly string[] {
  return splitList(text(variables, name))
}

function whole(variables: Variables, name: string, min: number, max: number): number | undefined {
  const value = text(variables, name)
  try {
    return value === undefined ? undefined : parseWhole(name, value, min, max)
  } catch (error) {
    throw new EnvironmentError(describeError(error))
  }
}
