import { accessSync, constants } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { pickServiceVariables } from '../service/environment.ts'
import { reachLoopbackDirectly } from './reach-loopback.ts'

type ProcessEnvironment = Record<string, string | undefined>

/**
 * Takes out of this process's variables, and so out of those of all that it starts, what would lead its children, or
 * itself, elsewhere: where they listen and send, what Lambda's host runs and how often, and how they reach loopback and
 * the embedded database. A shell may hold these for other programs: conda sets `HOST`, an operator
 * `OTEL_EXPORTER_OTLP_PROTOCOL`.
 *
 * @returns The names of those that were set, for the person who set them.
 */
export function claimEnvironment(
  env: ProcessEnvironment,
  database: 'embedded' | 'other',
): readonly string[] {
  reachLoopbackDirectly(env)
  giveHome(env)
  const claimed = Object.keys(env).filter(
    (name) =>
      /^(HOST|PORT|WEB_CONCURRENCY|LAMBDA_TASK_ROOT)$/.test(name) ||
      /^OTEL_EXPORTER_OTLP_((TRACES|LOGS)_)?(ENDPOINT|PROTOCOL)$/.test(name) ||
      // Read by pg and PostgreSQL's programs.
      (database === 'embedded' && /^PG[A-Z_]+$/.test(name)),
  )
  for (const name of claimed) delete env[name]
  return claimed
}

/** A user without a name has no home either, or that of another; wrangler ends where it may not write. */
function giveHome(env: ProcessEnvironment): void {
  try {
    accessSync(homedir(), constants.W_OK)
  } catch {
    env.HOME = tmpdir()
  }
}

/** Sentences about this shell's variables: which are passed on, and which are replaced. */
export function describeVariables(
  claimed: readonly string[],
  env: ProcessEnvironment = process.env,
): readonly string[] {
  const left = Object.keys(pickServiceVariables(env))
  return [
    ...(left.length > 0 ? [`from your shell, every runtime gets ${left.join(', ')}`] : []),
    ...(claimed.length > 0
      ? [`from your shell, these are overridden for the parts started here: ${claimed.join(', ')}`]
      : []),
  ]
}
