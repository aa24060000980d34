import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from './free-port.ts'
import { launchForTest } from './launch-for-test.ts'
import { migrateDatabase } from './migrate.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { presentRuntimes } from './present-runtimes.ts'

let folder: string
let port: number
let postgres: Postgres
const start = () => startPostgres({ folder, port, onLine: () => {} })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todo-outage-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  port = await findFreePort()
  postgres = await start()
  await migrateDatabase(postgres.url)
})
afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

describe.each(presentRuntimes)('$name', (runtime) => {
  test('answers 503 while the database is down, and recovers when it is back', async () => {
    await using service = await launchForTest(runtime, { OTEL_SDK_DISABLED: 'true' }, postgres.url)
    const todos = `${service.url}/api/v1/todos`
    expect((await fetch(todos)).status).toBe(200)

    await postgres.stop()
    const answers = await Promise.all([fetch(todos), fetch(`${service.url}/ready`), fetch(todos)])
    const health = await fetch(`${service.url}/health`)
    postgres = await start()
    const after = await fetch(todos)

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
    await using service = await launchForTest(
      runtime,
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
      postgres.url,
    )
    const todos = `${service.url}/api/v1/todos`
    const statuses = new Set<number>()
    let over = false
    async function ask(): Promise<void> {
      while (!over) statuses.add((await fetch(todos)).status)
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
    expect((await fetch(todos)).status).toBe(200)
  })

  test('answers 503 when a statement does not come back in time, and recovers', async () => {
    await using service = await launchForTest(
      runtime,
      { OTEL_SDK_DISABLED: 'true', DATABASE_TIMEOUT_MILLIS: '300', DATABASE_POOL_MAX: '2' },
      postgres.url,
    )
    const todos = `${service.url}/api/v1/todos`
    const blocker = new Client({ connectionString: postgres.url })
    await blocker.connect()
    await blocker.query('begin; lock table todos in access exclusive mode')

    const blocked = await Promise.all(Array.from({ length: 6 }, () => fetch(todos)))
    await blocker.query('rollback')
    await blocker.end()

    expect(blocked.map(({ status }) => status)).toEqual(Array(6).fill(503))
    expect(blocked.map(({ headers }) => headers.get('retry-after'))).toEqual(Array(6).fill('1'))
    await expect.poll(async () => (await fetch(todos)).status, { timeout: 5000 }).toBe(200)
  })
})
