import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { reachLoopbackDirectly } from '../processes/reach-loopback.ts'
import { reapOrphans } from '../processes/reap-orphans.ts'
import { startReadyChild } from '../processes/start-ready-child.ts'
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
import { writeWorkerdConfig } from './workerd.ts'

// Serves the Worker that was bundled before, in workerd, by the configuration that `npm start` gives it: for a container,
// which has one process, `HOST` and `PORT`, and nothing that it may write but a folder for what is temporary.
//
// workerd that was told to end answers what it has begun, and lets everybody else who connects wait until it is gone; nor
// does it wait for what a Worker sends after its answer (`waitUntil`). So it stands behind a relay, which refuses. Nor does
// a Worker hear of the end: a request at a path that nobody can guess says it.

/** What a Worker sends after an answer: an export takes 0.8 s at most unless a variable says otherwise. */
const afterAnswersMillis = 1000

const hurryPath = `/${randomUUID()}`

/** Of a request that nobody wants to find among the others. */
const unsampled = '00-73746f700000000000000000000000ab-73746f7000000001-00'

const { host, port, database, allowedHosts } = readEnvironment({ port: 8002 })
reachLoopbackDirectly(process.env)
const callOffReaper = reapOrphans()
const innerPort = await findFreePort()
const relay = await startRelay(host, port, { port: innerPort }).catch((error) =>
  exitWith(describeListenError(error, host, port)),
)
const starting = startWorkerd().catch((error) => exitWith(describeError(error)))

let stopping = false
// Before it answers: whoever got an answer may stop it.
stopOnSignals(async () => {
  stopping = true
  const workerd = await starting
  await relay.refuse()
  const drained = relay.end(drainMillisMax)
  const [held, hurried] = await Promise.all([beginRequest(), beginRequest()])
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
 * connection, it answers another: then it has taken all connections that were made earlier.
 */
async function beginRequest(): Promise<Socket> {
  const socket = connect(innerPort, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET /health HTTP/1.1\r\nhost: localhost\r\ntraceparent: ${unsampled}\r\n\r\n`)
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
    const command = await writeWorkerdConfig(
      { port: innerPort, databaseUrl: database.url, variables },
      folder,
    )
    return await startReadyChild(
      'workerd',
      { ...command, onLine: writeLine },
      `http://127.0.0.1:${innerPort}/health`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
