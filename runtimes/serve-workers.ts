import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pickServiceVariables } from './environment.ts'
import { startReadyChild } from './launch.ts'
import {
  describeListenError,
  describeStart,
  exitWith,
  readEnvironment,
  stopOnSignals,
} from './process.ts'
import { reachLoopbackDirectly } from './reach-loopback.ts'
import { reachableUrl, renderAuthority } from './reachable-url.ts'
import { reapOrphans } from './reap-orphans.ts'
import { describeError } from './start-error.ts'
import { workerdGraceMillis, writeWorkerdConfig } from './workerd.ts'

// Serves the Worker that was bundled before, in workerd, by the configuration that `npm start` gives it: for a container,
// which has one process, `HOST` and `PORT`, and nothing that it may write but a folder for what is temporary.

const { host, port, database } = readEnvironment({ port: 8002 })
reachLoopbackDirectly(process.env)
await tryToListen().catch((error) => exitWith(describeListenError(error, host, port)))
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
  const variables = pickServiceVariables(process.env)
  try {
    const command = await writeWorkerdConfig({ port, databaseUrl: database.url, variables }, folder)
    // The configuration says 127.0.0.1, which is right for everybody else.
    const listen = `--socket-addr=http=${renderAuthority(host, port)}`
    return await startReadyChild(
      'workerd',
      { ...command, args: [...command.args, listen], onLine: writeLine },
      `${reachableUrl(host, port)}/health`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** workerd says less of an address that it cannot have. */
async function tryToListen(): Promise<void> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
