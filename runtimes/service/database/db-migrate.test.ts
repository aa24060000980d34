import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { startChild } from '../../processes/child.ts'
import { projectFolder } from '../../processes/project-folder.ts'

async function migrate(url: string | undefined) {
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: [join(projectFolder, 'runtimes', 'service', 'database', 'db-migrate.ts')],
    env: { ...process.env, DATABASE_URL: url },
    onLine: (line) => lines.push(line),
  })
  return { end: await child.ended, text: lines.join('\n') }
}

test('a database that is not ours is brought up to date, once however many ask', async () => {
  const name = `test_${randomBytes(6).toString('hex')}`
  const server = new Client({ connectionString: process.env.TEST_DATABASE_URL })
  await server.connect()
  await server.query(`create database ${name}`)
  const url = new URL(process.env.TEST_DATABASE_URL ?? '')
  url.pathname = `/${name}`

  const together = await Promise.all([migrate(url.href), migrate(url.href), migrate(url.href)])
  const again = await migrate(url.href)
  await server.query(`drop database ${name} with (force)`)
  await server.end()

  expect(together.map(({ end }) => end)).toEqual(Array(3).fill('exit code 0'))
  expect(together.filter(({ text }) => text.includes('applied 0001-create-todos'))).toHaveLength(1)
  expect(again.text).toBe('nothing to do: the database is up to date')
})

test('a database that is not there is one sentence and exit code 2', async () => {
  const { end, text } = await migrate('postgres://todo:seCret@127.0.0.1:9/todo')
  expect(end).toBe('exit code 2')
  expect(text).toMatch(/^cannot migrate: .*ECONNREFUSED/)
  expect(text).not.toContain('seCret')
})

test('no database at all is one sentence and exit code 2', async () => {
  const { end, text } = await migrate(undefined)
  expect(end).toBe('exit code 2')
  expect(text).toMatch(/^DATABASE_URL: expected a URL/)
})
