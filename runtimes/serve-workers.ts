import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pickServiceVariables } from './environment.ts'
import { startReadyChild } from './launch.ts'
import {
  describeStart,
  exitWith,
  readEnvironment,
  renderAuthority,
  stopOnSignals,
} from './process.ts'
import { reapOrphans } from './reap-orphans.ts'
import { describeError } from './start-error.ts'
import { workerdGraceMillis, writeWorkerdConfig } from './workerd.ts'

// Serves the Worker that was bundled before, in workerd, by the configuration that `npm start` gives it: for a container,
// which has one process, `HOST` and `PORT`, and nothing that it may write but a folder for what is temporary.

const { host, port, database, allowedHosts } = readEnvironment({ port: 8002 })
const callOffReaper = reapOrphans()
const workerd = await startWorkerd().catch((error) => exitWith(describeError(error)))
writeLine(`workers: ${describeStart(host, port).message}`)

let stopping = false
stopOnSignals(async () => {
  stopping = true
  await delay(workerdGraceMillis)
  await workerd.stop()
  callOffReaper()
})
const end = await workerd.ended
if (!stopping) exitWith(`workerd has ended by itself (${end})`)

/** The configuration holds the database's password, and workerd reads it once. */
async function startWorkerd() {
  const folder = await mkdtemp(join(tmpdir(), 'todo-worker-'))
  const variables = {
    ...pickServiceVariables(process.env),
    ALLOWED_HOSTS: allowedHosts.join(','),
  }
  try {
    const command = await writeWorkerdConfig({ port, databaseUrl: database.url, variables }, folder)
    // The configuration says 127.0.0.1, which is right for everybody else.
    const listen = `--socket-addr=http=${renderAuthority(host, port)}`
    return await startReadyChild(
      'workerd',
      { ...command, args: [...command.args, listen], onLine: writeLine },
      `http://${renderAuthority(toReachable(host), port)}/health`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Where oneself finds what listens on all addresses. */
function toReachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  return address === '::' ? '::1' : address
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
