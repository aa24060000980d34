import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { migrateDatabase } from '../service/database/migrate.ts'
import { type Postgres, startPostgres } from '../start/postgres.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import notesApplication from './application/notes.ts'
import { launchNotes } from './testing/launch-notes.ts'

let folder: string
let port: number
let postgres: Postgres
const start = () => startPostgres({ folder, port, onLine: () => {} })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outage-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  port = await findFreePort()
  postgres = await start()
  await migrateDatabase(postgres.url, notesApplication.database)
})
afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

const impatient = { OTEL_SDK_DISABLED: 'true', DATABASE_TIMEOUT_MILLIS: '500' }
const postJson = { method: 'POST', headers: { 'content-type': 'application/json' } }
const create = (notes: string, text: string) =>
  fetch(notes, { ...postJson, body: JSON.stringify({ text }) })

/** Takes its time for telemetry, which a Worker goes on sending after its answer. */
async function startSlowCollector() {
  const server = createServer((_, response) => void setTimeout(() => response.end('{}'), 600))
  const port = await findFreePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Has every statement on the table wait. */
async function lockNotes() {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query('begin; lock table notes in access exclusive mode')
  const listWaiting = async () =>
    (await client.query<{ pid: number }>('select pid from pg_locks where not granted')).rows
  let released: Promise<void> | undefined
  const release = () => {
    released ??= client.query('rollback').then(() => client.end())
    return released
  }
  return {
    release,
    [Symbol.asyncDispose]: release,
    countWaiting: async () => (await listWaiting()).length,
    /** Stops the process of one connection that waits for the lock, until disposed of. */
    async stopWaitingBackend() {
      const [waiting] = await expect.poll(listWaiting).not.toEqual([]).then(listWaiting)
      const pid = waiting?.pid ?? 0
      process.kill(pid, 'SIGSTOP')
      return { [Symbol.asyncDispose]: async () => void process.kill(pid, 'SIGCONT') }
    },
  }
}

describe.each(presentRuntimes)('$name', (runtime) => {
  test('answers 503 while the database is down, and recovers when it is back', async () => {
    await using service = await launchNotes(runtime, { OTEL_SDK_DISABLED: 'true' }, postgres.url)
    const notes = `${service.url}/notes`
    expect((await fetch(notes)).status).toBe(200)

    await postgres.stop()
    const answers = await Promise.all([fetch(notes), fetch(`${service.url}/ready`), fetch(notes)])
    const health = await fetch(`${service.url}/health`)
    postgres = await start()
    const after = await fetch(notes)

    for (const answer of answers) {
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
    expect(health.status).toBe(200)
    expect(after.status).toBe(200)
    expect(service.lines.join('\n')).toContain('dependency.unavailable')
  })

  test('survives a database that is stopped under load, again and again', async () => {
    await using service = await launchNotes(
      runtime,
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
      postgres.url,
    )
    const notes = `${service.url}/notes`
    const statuses = new Set<number>()
    let over = false
    async function ask(): Promise<void> {
      while (!over) statuses.add((await fetch(notes)).status)
    }
    const asking = Array.from({ length: 20 }, ask)
    for (let round = 0; round < 3; round += 1) {
      await delay(150)
      await postgres.stop()
      await delay(50)
      postgres = await start()
    }
    over = true
    await Promise.all(asking)

    expect([...statuses].sort()).toEqual([200, 503])
    expect(service.hasEnded(), service.lines.slice(-5).join('\n')).toBe(false)
    expect((await fetch(notes)).status).toBe(200)
  })

  test('what it answered 503 with Retry-After is never carried out, and so may be repeated', async () => {
    await using service = await launchNotes(runtime, impatient, postgres.url)
    const notes = `${service.url}/notes`
    const text = `locked on ${runtime.name}`
    const kept = await create(notes, `kept on ${runtime.name}`)
    const removal = new URL(kept.headers.get('location') ?? '', service.url)

    await using lock = await lockNotes()
    const blocked = await Promise.all([
      fetch(notes),
      create(notes, text),
      create(notes, text),
      fetch(removal, { method: 'DELETE' }),
    ])
    await lock.release()

    expect(blocked.map(({ status }) => status)).toEqual(Array(4).fill(503))
    expect(blocked.map(({ headers }) => headers.get('retry-after'))).toEqual(Array(4).fill('1'))
    expect((await fetch(removal)).status).toBe(200)
    const listed = await (await fetch(notes)).text()
    expect(listed).not.toContain(text)
  })

  test.skipIf(process.platform === 'win32')(
    'a write of which the database says nothing is no offer to repeat it, and no outage for others',
    async () => {
      await using service = await launchNotes(runtime, impatient, postgres.url)
      const notes = `${service.url}/notes`
      await using lock = await lockNotes()
      const asked = create(notes, `silent on ${runtime.name}`)
      await using _silent = await lock.stopWaitingBackend()

      const answer = await asked
      await lock.release()
      const after = [await fetch(`${service.url}/ready`)]
      for (let index = 0; index < 5; index += 1) after.push(await fetch(notes))

      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBeNull()
      expect(await answer.text()).toMatch(/may still be carried out/)
      expect(after.map(({ status }) => status)).toEqual(Array(6).fill(200))
    },
  )

  test('/ready answers long before requests that wait, tells busy from gone, and takes nothing from them', async () => {
    await using collector = await startSlowCollector()
    await using service = await launchNotes(
      runtime,
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        DATABASE_TIMEOUT_MILLIS: '4000',
        DATABASE_POOL_MAX: '2',
      },
      postgres.url,
    )
    const notes = `${service.url}/notes`
    await using lock = await lockNotes()
    const order: string[] = []
    const waiting = Array.from({ length: 3 }, async () => {
      const { status } = await fetch(notes)
      order.push('notes')
      return status
    })
    await delay(200)
    const ready = await fetch(`${service.url}/ready`)
    order.push('ready')
    // Lambda has one environment free, which would answer one after the other.
    const asked = await Promise.all(
      Array.from(
        { length: runtime.name === 'lambda' ? 1 : 10 },
        async () => (await fetch(`${service.url}/ready`)).status,
      ),
    )
    await lock.release()
    const after = await Promise.all(waiting)
    for (let index = 0; index < 3; index += 1) after.push((await fetch(notes)).status)

    expect(ready.status).toBe(200)
    // Each of Lambda's environments has a connection of its own, and the fourth is free.
    expect(await ready.json()).toMatchObject({
      status: runtime.name === 'lambda' ? 'ready' : 'busy',
    })
    expect(order[0]).toBe('ready')
    expect(new Set(asked)).toEqual(new Set([200]))
    expect(after).toEqual(Array(6).fill(200))
  })
})

test('silence for longer than a platform has patience for by default ends with an answer', async () => {
  const patient = { ...impatient, DATABASE_TIMEOUT_MILLIS: '13000' }
  await using services = new AsyncDisposableStack()
  const urls: string[] = []
  for (const runtime of presentRuntimes)
    urls.push(services.use(await launchNotes(runtime, patient, postgres.url)).url)
  const bodies = urls.map((url) => createSlowly(url, 12_000))
  await delay(500) // the slow bodies are on their way
  await using lock = await lockNotes()

  const statuses = await Promise.all(urls.map(async (url) => (await fetch(`${url}/notes`)).status))
  await lock.release()

  expect(statuses).toEqual(urls.map(() => 503))
  expect(await Promise.all(bodies)).toEqual(urls.map(() => 201))
}, 60_000)

// The local Lambda is cut off: a function is not told that its platform ends, and the platform never ends under one.
test('a stop leaves those who wait for the database the time for their 503', async () => {
  const told = presentRuntimes.filter(({ name }) => name !== 'lambda')
  const patient = { ...impatient, DATABASE_TIMEOUT_MILLIS: '4000' }
  const services = await Promise.all(
    told.map((runtime) => launchNotes(runtime, patient, postgres.url)),
  )
  await using lock = await lockNotes()
  const answers = services.map(({ url }) => fetch(`${url}/notes`))
  await expect.poll(() => lock.countWaiting()).toBe(services.length)

  await Promise.all(services.map((service) => service.stop()))

  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(told.map(() => 503))
}, 60_000)

/** As a client sends a body that stops for a while in the middle. */
async function createSlowly(url: string, pauseMillis: number): Promise<number> {
  const half = new TextEncoder().encode('{"text":')
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(half)
      await delay(pauseMillis)
      controller.enqueue(new TextEncoder().encode('"slow"}'))
      controller.close()
    },
  })
  const { status } = await fetch(`${url}/notes`, { ...postJson, body, duplex: 'half' })
  return status
}
