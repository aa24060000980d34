import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchNotes } from '../../contract/testing/launch-notes.ts'
import { findRuntimes } from '../../runtimes.ts'
import type { TestService } from '../../testing/launch-for-test.ts'

let service: TestService
let client: Client

beforeAll(async () => {
  const [lambda] = findRuntimes(['lambda'])
  if (lambda === undefined) throw new Error('expected lambda in the list')
  service = await launchNotes(lambda, { OTEL_SDK_DISABLED: 'true' })
  client = new Client({ connectionString: service.databaseUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await service[Symbol.asyncDispose]()
})

const ask = () => fetch(`${service.url}/notes`)

const ofService = "application_name = 'notes' and datname = current_database()"

/** The connections that the service has, by the ids that PostgreSQL gave their processes. */
async function readConnections(): Promise<readonly number[]> {
  const { rows } = await client.query(`select pid from pg_stat_activity where ${ofService}`)
  return rows.map(({ pid }) => pid)
}

test('a connection is kept from one event to the next', async () => {
  await ask()
  const before = await readConnections()
  await delay(200)
  await ask()

  expect(before).toHaveLength(1)
  expect(await readConnections()).toEqual(before)
})

test('a connection that was closed while the function stood still fails no request', async () => {
  for (let round = 0; round < 5; round += 1) {
    await ask()
    await delay(100)
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${ofService}`)
    await delay(100)

    expect((await ask()).status).toBe(200)
  }
})
