import { describe, expect, test } from 'vitest'
import { createPool, isDatabaseUnavailable, readDatabaseTarget } from './database.ts'

const observer = {
  createKysely: () => expect.fail(),
  connect: <R>(open: () => Promise<R>) => open(),
}
const withCode = (code: string) => Object.assign(new Error('said the database'), { code })

describe('an error counts as an outage', () => {
  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    '08006',
    '28P01',
    '3D000',
    '53300',
    '57P01',
    '57P03',
    '25006',
  ])('with the code %s', (code) => expect(isDatabaseUnavailable(withCode(code))).toBe(true))

  test.each(['Connection terminated unexpectedly', 'Query read timeout'])(
    'that says "%s"',
    (message) => expect(isDatabaseUnavailable(new Error(message))).toBe(true),
  )

  test('whatever it says, when it prevented a connection', async () => {
    const pool = createPool(
      { url: 'postgres://a:b@127.0.0.1:9/c', poolMax: 1, timeoutMillis: 1000 },
      observer,
    )
    const error = await pool.connect().catch((caught: unknown) => caught)
    await pool.end()
    expect(isDatabaseUnavailable(error)).toBe(true)
  })
})

describe('an error is no outage', () => {
  test.each(['23505', '42P01', '42601', '22P02'])('with the code %s', (code) =>
    expect(isDatabaseUnavailable(withCode(code))).toBe(false),
  )

  test('when it is a bug or no error at all', () => {
    expect(isDatabaseUnavailable(new TypeError('undefined is not a function'))).toBe(false)
    expect(isDatabaseUnavailable('Connection terminated')).toBe(false)
  })
})

test.each([
  [
    'postgres://u:p@db.example:6432/todo%20list?sslmode=require',
    { namespace: 'todo list', address: 'db.example', port: 6432 },
  ],
  ['postgres://u:p@[::1]:5432/todo', { namespace: 'todo', address: '::1', port: 5432 }],
  ['postgresql://db.example', { namespace: 'postgres', address: 'db.example', port: 5432 }],
])('%s leads to its target, without its secrets', (url, target) => {
  expect(readDatabaseTarget(url)).toEqual(target)
})
