import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { startReadyChild } from '../launch/start-ready-child.ts'
import { reachLoopbackDirectly } from '../processes/reach-loopback.ts'
import { reapOrphans } from '../processes/reap-orphans.ts'
import { pickServiceVariables } from '../service/environment.ts'
import {
  describeListenError,
  describeStart,
  drainMillisMax,
  exitWith,
  hurryMillis,
  readEnvironment,
  stopOnSignals,
} from '../service/process.ts'
import { startRelay } from './relay.ts'
import { readWorkerManifest } from './worker-bundle.ts'
import { writeWorkerdConfig } from './workerd.ts'

// Serves the bundled Worker in workerd with the configuration of `npm start`, in a container: one process, `HOST` and
// `PORT`, and no writable folder except the temporary one. Another application's bundle is named as its argument.
//
// A workerd that was told to end finishes its requests, but lets new connections wait until it is gone, and does not
// wait for work after an answer (`waitUntil`). So a relay stands in front and refuses new connections. A Worker does
// not hear of the end either: a request at a secret path tells it.

/** Time for a Worker's work after an answer: an export takes 0.8 s at most unless a variable says otherwise. */
const afterAnswersMillis = 1000

const hurryPath = `/${randomUUID()}`

const [bundleFolder] = process.argv.slice(2)
const manifest = await readWorkerManifest()
const { host, port, database, allowedHosts } = readEnvironment({
  port: 8002,
  application: {
    name: manifest.name,
    ...((manifest.hasDatabase || process.env.DATABASE_URL !== undefined) && { database: true }),
  },
})
reachLoopbackDirectly(process.env)
const callOffReaper = reapOrphans()
const innerPort = await findFreePort()
const relay = await startRelay(host, port, { port: innerPort }).catch((error) =>
  exitWith(describeListenError(error, host, port)),
)
const starting = startWorkerd().catch((error) => exitWith(describeError(error)))

let stopping = false
// Before it answers: a client may stop it right after its answer.
stopOnSignals(async () => {
  stopping = true
  const { loadedPath, ...workerd } = await starting
  await relay.refuse()
  const drained = relay.end(drainMillisMax)
  const [held, hurried] = await Promise.all([beginRequest(loadedPath), beginRequest(loadedPath)])
  const stopped = workerd.stop()
  setTimeout(
    () => hurried.write(`ET ${hurryPath} HTTP/1.1\r\nhost: localhost\r\n\r\n`),
    hurryMillis,
  )
  await drained
  await delay(afterAnswersMillis)
  held.destroy()
  hurried.destroy()
  await stopped
  callOffReaper()
})
const workerd = await starting
writeLine(`workers: ${describeStart(host, port).message}`)
const end = await workerd.ended
if (!stopping) exitWith(`workerd has ended by itself (${end})`)

/**
 * Has workerd find a request begun but not complete, which it waits for while it ends. Before that, on the same
 * connection, it answers another, which the application does not hear of: then it has taken all connections that were
 * made earlier.
 */
async function beginRequest(loadedPath: string): Promise<Socket> {
  const socket = connect(innerPort, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET ${loadedPath} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  await Promise.race([once(socket, 'data'), once(socket, 'close'), delay(1000)])
  socket.write('G')
  await delay(100)
  return socket
}

/** The configuration holds the database's password, and workerd reads it once. */
async function startWorkerd() {
  const folder = await mkdtemp(join(tmpdir(), 'todo-worker-'))
  const variables = {
    ...pickServiceVariables(process.env),
    ALLOWED_HOSTS: allowedHosts.join(','),
    HURRY_PATH: hurryPath,
  }
  try {
    const bundle = bundleFolder === undefined ? undefined : { folder: bundleFolder, variables: {} }
    const { loadedPath, ...command } = await writeWorkerdConfig(
      { port: innerPort, bundle, databaseUrl: database?.url, variables },
      folder,
    )
    const ready = `http://127.0.0.1:${innerPort}${loadedPath}`
    const child = await startReadyChild('workerd', { ...command, onLine: writeLine }, ready)
    return { ...child, loadedPath }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
