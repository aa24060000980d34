import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { readAbsence } from '../launch/read-absence.ts'
import { claimEnvironment } from '../processes/claim-environment.ts'
import { reapOrphans } from '../processes/reap-orphans.ts'
import { runtimes } from '../runtimes.ts'
import { pickServiceVariables } from '../service/environment.ts'
import { startPostgres } from '../start/postgres.ts'

/**
 * Vitest's global set-up: one real, empty PostgreSQL for the whole run, named by `TEST_DATABASE_URL`, and a folder for
 * bundles that need to be made but once, named by `TEST_BUNDLES`.
 */
export default async function setup(): Promise<() => Promise<void>> {
  sayWhatIsLeftOut()
  // What a shell holds is no part of a test.
  claimEnvironment(process.env, 'embedded')
  for (const name of ['DATABASE_URL', ...Object.keys(pickServiceVariables(process.env))])
    delete process.env[name]
  const callOffReaper = reapOrphans()
  const folder = await mkdtemp(join(tmpdir(), 'todo-test-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  const postgres = await startPostgres({ folder, port: await findFreePort(), onLine: () => {} })
  process.env.TEST_DATABASE_URL = postgres.url
  process.env.TEST_BUNDLES = join(folder, 'bundles')
  return async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
    callOffReaper()
  }
}

/** A test that does not run must not look like one that passed. */
function sayWhatIsLeftOut(): void {
  for (const runtime of runtimes) {
    const reason = readAbsence(runtime)
    if (reason !== undefined) process.stderr.write(`not tested: ${runtime.title}: ${reason}\n`)
  }
}
