import { type Context, Hono } from 'hono'
import type { Generated, Kysely } from 'kysely'
import { defineApplication, type Given } from '../../application/define-application.ts'

type Database = { notes: { id: Generated<number>; text: string } }

/**
 * What the tests of this folder ask, on every runtime, so that what a platform promises does not depend on which
 * application this repository serves. It has what they ask for, and no more.
 */
export default defineApplication({
  name: 'notes',
  version: '1.2.3',
  database: {
    name: 'notes',
    migrations: {
      '0001-notes': {
        async up(db) {
          await db.schema
            .createTable('notes')
            .addColumn('id', 'integer', (column) => column.primaryKey().generatedAlwaysAsIdentity())
            .addColumn('text', 'text', (column) => column.notNull())
            .execute()
        },
      },
    },
  },
  readyPath: '/ready',
  create(given) {
    const app = new Hono({ strict: false })
    addNotes(app, given.database<Database>(), given.log)
    app.on('GET', ['/', '/health'], (c) => c.json({ status: 'healthy' }))
    app.get('/ready', (c) =>
      given.ping().then(
        (status) => c.json({ status }),
        (error) => answerFailure(c, error, 'not-done', given.log),
      ),
    )
    app.get('/stream', (c) => c.body(createStream()))
    for (const path of ['/notes', '/notes/:id', '/health'])
      app.all(path, (c) => respond(c, 405, 'no such method'))
    app.notFound((c) => respond(c, 404, 'no such route'))
    app.onError((error, c) => answerFailure(c, error, given.readOutage(error), given.log))
    return app
  },
})

function addNotes(app: Hono, db: Kysely<Database>, log: Given['log']): void {
  const say = (event: string, attributes: Record<string, number>) =>
    log({ severity: 'info', event, message: event.replace('.', ' '), attributes })
  app.get('/notes', async (c) => {
    const notes = await db.selectFrom('notes').selectAll().limit(500).execute()
    say('note.listed', { 'note.count': notes.length })
    return c.json(notes)
  })
  app.post('/notes', async (c) => {
    const isPlain = c.req.header('content-encoding') === undefined
    if (!isPlain || c.req.header('content-type') !== 'application/json')
      return respond(c, 415, 'expected JSON')
    const text = await readNote(c)
    if (text === undefined) return respond(c, 400, 'expected a text')
    const note = { text }
    const { id } = await db
      .insertInto('notes')
      .values(note)
      .returning('id')
      .executeTakeFirstOrThrow()
    say('note.created', { 'note.id': id })
    return c.json({ id }, 201, { location: `/notes/${id}` })
  })
  app.get('/notes/:id', async (c) => {
    const id = readId(c)
    if (id === undefined) return respond(c, 400, 'expected a number')
    const note = await db.selectFrom('notes').selectAll().where('id', '=', id).executeTakeFirst()
    if (note !== undefined) return c.json(note)
    say('note.not_found', { 'note.id': id })
    return respond(c, 404, 'no such note')
  })
  app.delete('/notes/:id', async (c) => {
    const id = readId(c)
    if (id === undefined) return respond(c, 400, 'expected a number')
    await db.deleteFrom('notes').where('id', '=', id).execute()
    return c.body(null, 204)
  })
}

async function readNote(c: Context): Promise<string | undefined> {
  const body = await c.req.json<{ readonly text?: unknown }>().catch(() => undefined)
  return typeof body?.text === 'string' ? body.text : undefined
}

function readId(c: Context): number | undefined {
  const id = c.req.param('id') ?? ''
  return /^\d{1,9}$/.test(id) ? Number(id) : undefined
}

/** What was not done may be repeated, and only that. */
function answerFailure(
  c: Context,
  error: unknown,
  outage: ReturnType<Given['readOutage']>,
  log: Given['log'],
): Response {
  c.error = error instanceof Error ? error : new Error(String(error))
  const event = outage === undefined ? 'request.failed' : 'dependency.unavailable'
  log({ severity: 'error', event, message: event.replace('.', ' '), error })
  if (outage === 'not-done') c.header('retry-after', '1')
  return outage === undefined
    ? respond(c, 500, 'failed')
    : respond(c, 503, outage === 'unknown' ? 'it may still be carried out' : 'try again later')
}

function respond(c: Context, status: 400 | 404 | 405 | 415 | 500 | 503, detail: string): Response {
  const type = { 'content-type': 'application/problem+json' }
  return c.body(JSON.stringify({ status, detail }), status, type)
}

/** Two megabytes, in pieces. */
function createStream(): ReadableStream<Uint8Array> {
  let left = 32
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536).fill(0x61))
      left -= 1
      if (left === 0) controller.close()
    },
  })
}
