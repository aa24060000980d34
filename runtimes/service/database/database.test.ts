import { describe, expect, test } from 'vitest'
import { createPool, readDatabaseTarget, readOutage } from './database.ts'

const observer = {
  createKysely: () => expect.fail(),
  connect: <R>(open: () => Promise<R>) => open(),
}
const withCode = (code: string) => Object.assign(new Error('said the database'), { code })

describe('an outage in which nothing was done', () => {
  test.each(['28P01', '3D000', '53300', '57014', '57P01', '57P03', '25006'])(
    'is the answer %s of the server',
    (code) => expect(readOutage(withCode(code))).toBe('not-done'),
  )

  test('is a statement that was never sent', () => {
    const message = 'Client has encountered a connection error and is not queryable'
    expect(readOutage(new Error(message))).toBe('not-done')
  })

  test('is whatever prevents a connection', async () => {
    const pool = createPool(
      { url: 'postgres://a:b@127.0.0.1:9/c', poolMax: 1, timeoutMillis: 1000 },
      observer,
    )
    const error = await pool.connect().catch((caught: unknown) => caught)
    await pool.end()
    expect(readOutage(error)).toBe('not-done')
  })
})

describe('an outage of which nobody knows what was done', () => {
  test.each(['ECONNRESET', 'EPIPE', '08006', '08P01', '57P02'])('has the code %s', (code) =>
    expect(readOutage(withCode(code))).toBe('unknown'),
  )

  test.each(['Connection terminated unexpectedly', 'Network connection lost.'])(
    'says "%s"',
    (message) => expect(readOutage(new Error(message))).toBe('unknown'),
  )
})

describe('an error is no outage', () => {
  test.each(['23505', '42P01', '42601', '22P02'])('with the code %s', (code) =>
    expect(readOutage(withCode(code))).toBeUndefined(),
  )

  test('when it is a bug or no error at all', () => {
    expect(readOutage(new TypeError('undefined is not a function'))).toBeUndefined()
    expect(readOutage('Connection terminated')).toBeUndefined()
  })
})

test('however many ask at once whether the database answers, it is asked by one connection', async () => {
  let opened = 0
  const pool = createPool(
    { url: process.env.TEST_DATABASE_URL ?? '', poolMax: 1, timeoutMillis: 5000 },
    {
      ...observer,
      connect(open) {
        opened += 1
        return open()
      },
    },
  )
  await Promise.all(Array.from({ length: 300 }, () => pool.probe(5000)))
  expect(opened).toBe(1)
  await pool.probe(5000)
  expect(opened).toBe(2)
  await pool.end()
})

describe('a connection is opened', () => {
  const url = process.env.TEST_DATABASE_URL ?? ''
  function observedPool(settings: { readonly url: string; readonly poolMax: number }) {
    const asked: boolean[] = []
    const pool = createPool(
      { ...settings, timeoutMillis: 5000 },
      {
        ...observer,
        connect(open, isAsked) {
          asked.push(isAsked)
          return open()
        },
      },
    )
    return { pool, asked }
  }

  test('for who asks while there is room, and for the queue once a place was freed', async () => {
    const { pool, asked } = observedPool({ url, poolMax: 1 })
    const first = await pool.connect()
    const second = pool.connect()
    expect(asked).toEqual([true])
    Reflect.apply(first.release, first, [true]) // it is broken, so that another has to be opened
    await second.then((client) => client.release())
    expect(asked).toEqual([true, false])
    await pool.end()
  })

  test('for the queue when the one before it could not be opened', async () => {
    const { pool, asked } = observedPool({ url: 'postgres://a:b@127.0.0.1:9/c', poolMax: 1 })
    await Promise.allSettled([pool.connect(), pool.connect()])
    expect(asked).toEqual([true, false])
    await pool.end()
  })

  test('for who asks when somebody else was quicker to take the idle one', async () => {
    const { pool, asked } = observedPool({ url, poolMax: 2 })
    await pool.connect().then((client) => client.release())
    const both = await Promise.all([pool.connect(), pool.connect()])
    expect(asked).toEqual([true, true])
    for (const client of both) client.release()
    await pool.end()
  })
})

test.each([
  [
    'postgres://u:p@db.example:6432/todo%20list?sslmode=require',
    { namespace: 'todo list', address: 'db.example', port: 6432 },
  ],
  ['postgres://u:p@[::1]:5432/todo', { namespace: 'todo', address: '::1', port: 5432 }],
  ['postgres://todo@127.0.0.1:25433', { namespace: 'todo', address: '127.0.0.1', port: 25433 }],
  [
    'postgres://todo@x:1/todo?host=127.0.0.1&port=25433',
    { namespace: 'todo', address: '127.0.0.1', port: 25433 },
  ],
  [
    'postgres://todo@/todo?host=/run/postgresql',
    { namespace: 'todo', address: '/run/postgresql/.s.PGSQL.5432' },
  ],
  [
    'postgres://todo@%2Frun%2Fpostgresql/todo?port=6432',
    { namespace: 'todo', address: '/run/postgresql/.s.PGSQL.6432' },
  ],
])('%s leads to its target, without its secrets', (url, target) => {
  expect(readDatabaseTarget(url)).toEqual(target)
})
