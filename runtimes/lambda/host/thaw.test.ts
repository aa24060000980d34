import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findRuntimes } from '../../runtimes.ts'
import { launchForTest, type TestService } from '../../testing/launch-for-test.ts'

let service: TestService
let client: Client

beforeAll(async () => {
  const [lambda] = findRuntimes(['lambda'])
  if (lambda === undefined) throw new Error('expected lambda in the list')
  service = await launchForTest(lambda, { OTEL_SDK_DISABLED: 'true' })
  client = new Client({ connectionString: process.env.TEST_DATABASE_URL })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await service[Symbol.asyncDispose]()
})

const todos = () => fetch(`${service.url}/api/v1/todos`)

/** The connections that the service has, by the ids that PostgreSQL gave their processes. */
async function readConnections(): Promise<readonly number[]> {
  const { rows } = await client.query(
    "select pid from pg_stat_activity where application_name = 'todo-api'",
  )
  return rows.map(({ pid }) => pid)
}

test('a connection is kept from one event to the next', async () => {
  await todos()
  const before = await readConnections()
  await delay(200)
  await todos()

  expect(before).toHaveLength(1)
  expect(await readConnections()).toEqual(before)
})

test('a connection that was closed while the function stood still fails no request', async () => {
  for (let round = 0; round < 5; round += 1) {
    await todos()
    await delay(100)
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'todo-api'",
    )
    await delay(100)

    expect((await todos()).status).toBe(200)
  }
})
