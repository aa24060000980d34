import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { readAttribute } from '../../observability/otlp/model.ts'
import { environmentOf, type Launcher } from '../launch/launcher.ts'
import { launcherOf } from '../launch/launchers.ts'
import { projectFolder } from '../processes/project-folder.ts'
import type { Runtime } from '../runtime.ts'
import { drainMillisMax } from '../service/process.ts'
import type { TestService } from '../testing/launch-for-test.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { awaitTrace, startTestCollector } from '../testing/traces-for-test.ts'
import { workersLauncher } from '../workers/launcher.ts'
import { launchNotes, notesBundle } from './testing/launch-notes.ts'

const notes = '/notes'

const serveWorkers: Launcher = {
  ...workersLauncher,
  createCommand: async (settings) => ({
    program: process.execPath,
    args: [join(projectFolder, 'runtimes', 'workers', 'serve-workers.ts'), notesBundle.folder],
    env: environmentOf(settings),
  }),
}

/** As a container runs them: workerd itself, which `npm start` runs, lets newcomers wait until it is gone. */
const served: readonly Runtime[] = presentRuntimes.map((runtime) =>
  runtime.name === 'workers' ? { ...runtime, title: 'serve-workers', graceMillis: 0 } : runtime,
)

describe.each(served)('$name', (runtime) => {
  test('told to end, it answers what it has begun, refuses what is new, and sends what it observed', async () => {
    await using collector = await startTestCollector()
    await using service = await launch(runtime, collector.url)
    await using lock = await lockNotes(service.databaseUrl)
    const requests = Array.from({ length: requestsAtOnce }, () => ask(service))
    await expect.poll(lock.countWaiting, { timeout: 4000 }).toBe(requestsAtOnce)

    process.kill(service.pid, 'SIGTERM')
    await expect.poll(() => isRefused(service)).toBe(true)
    await lock.release()
    const answers = await Promise.all(requests)

    expect(answers.map(({ status }) => status)).toEqual(requests.map(() => 200))
    expect(await service.ended).toBe('exit code 0')
    for (const { traceId } of answers)
      await awaitTrace(collector.url, traceId, ({ spans }) =>
        spans.some(({ span }) => span.name === `GET ${notes}`),
      )
  })

  test.runIf(runtime.title === 'serve-workers')(
    'nobody behind a relay is taken for the relay',
    async () => {
      await using collector = await startTestCollector()
      await using service = await launch(runtime, collector.url)
      const { traceId } = await ask(service)
      const { spans } = await awaitTrace(collector.url, traceId, (trace) => trace.spans.length > 1)

      for (const { span } of spans)
        expect(readAttribute(span.attributes, 'client.address')).toBeUndefined()
    },
  )

  test('told to end, it answers whoever waits for a database that does not come', async () => {
    await using collector = await startTestCollector()
    await using service = await launch(runtime, collector.url)
    await using lock = await lockNotes(service.databaseUrl)
    const requests = Array.from({ length: requestsAtOnce }, () => ask(service))
    await expect.poll(lock.countWaiting, { timeout: 4000 }).toBe(requestsAtOnce)

    process.kill(service.pid, 'SIGTERM')
    const answers = await Promise.all(requests)

    expect(answers.map(({ status }) => status)).toEqual(requests.map(() => 503))
    expect(await service.ended).toBe('exit code 0')
    for (const { traceId } of answers)
      await awaitTrace(collector.url, traceId, ({ spans }) =>
        spans.some(({ span }) => span.name === `GET ${notes}`),
      )
  })

  test('told to end, it answers whoever is connected by then, though it has not come to read of it', async () => {
    await using service = await launch(runtime)
    const request = `GET ${notes} HTTP/1.1\r\nhost: localhost\r\n\r\n`
    const sockets = await Promise.all(Array.from({ length: 100 }, () => open(service, request)))
    const answers = sockets.map((socket) =>
      Promise.race([
        once(socket, 'data').then(([data]) => String(data).slice(0, 9)),
        once(socket, 'close').then(() => 'closed'),
      ]),
    )

    process.kill(service.pid, 'SIGTERM')

    expect(await Promise.all(answers)).toEqual(sockets.map(() => 'HTTP/1.1 '))
    expect(await service.ended).toBe('exit code 0')
    for (const socket of sockets) socket.destroy()
  })

  test('told to end, it does not wait for a connection on which nothing was sent', async () => {
    await using service = await launch(runtime)
    const unused = await open(service, '')

    const since = performance.now()
    await service.stop()

    expect(await service.ended).toBe('exit code 0')
    expect(performance.now() - since).toBeLessThan(drainMillisMax)
    unused.destroy()
  })

  test('told to end, it does not wait for ever for bodies and request lines that do not come', async () => {
    await using service = await launch(runtime)
    const head = `POST ${notes} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`
    const slow = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        open(service, index % 2 === 0 ? `${head}content-length: 9\r\n\r\n{` : 'GET /hea'),
      ),
    )

    await service.stop()

    // Otherwise SIGKILL: `stop` has its bound.
    expect(await service.ended).toBe('exit code 0')
    for (const socket of slow) socket.destroy()
  })
})

/** Lambda's host has as many environments. */
const requestsAtOnce = 4

function launch(runtime: Runtime, collectorUrl = 'http://127.0.0.1:9'): Promise<TestService> {
  const launcher = runtime.name === 'workers' ? serveWorkers : launcherOf(runtime)
  return launchNotes(runtime, { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl }, undefined, launcher)
}

async function ask(service: TestService) {
  const response = await fetch(`${service.url}${notes}`)
  await response.arrayBuffer()
  return { status: response.status, traceId: response.headers.get('x-trace-id') ?? '' }
}

async function isRefused(service: TestService): Promise<boolean> {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  try {
    await once(socket, 'connect')
    return false
  } catch {
    return true
  } finally {
    socket.destroy()
  }
}

async function open(service: TestService, text: string) {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

/** Has every statement on notes wait. */
async function lockNotes(databaseUrl: string) {
  const client = new Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  await client.query('begin')
  await client.query('lock table notes')
  return {
    async countWaiting(): Promise<unknown> {
      const { rows } = await client.query(
        "select count(*)::int from pg_locks where not granted and relation = 'notes'::regclass",
      )
      return rows[0]?.count
    },
    release: () => client.query('commit'),
    [Symbol.asyncDispose]: () => client.end(),
  }
}
