import fc from 'fast-check'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { bodyBytesMaxDefault, readJsonObject } from './json-object.ts'
import { Problem, respondWithProblem } from './problem.ts'

const bytesMax = 64

const app = new Hono()
  .post('/', async (c) => c.json(await readJsonObject(c, bytesMax)))
  .post('/default', async (c) => c.json(await readJsonObject(c, bodyBytesMaxDefault)))
  .onError((error, c) => {
    if (error instanceof Problem) return respondWithProblem(c, error)
    throw error
  })

async function post(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  headers: Record<string, string> = {},
  path = '/',
) {
  const response = await app.request(path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}

/** A body in chunks, that tells how much of it was asked for and whether it was let go. */
function streamOf(chunks: readonly Uint8Array[]) {
  const seen = { pulled: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[seen.pulled]
        if (!chunk) return controller.close()
        seen.pulled++
        controller.enqueue(chunk)
      },
      cancel() {
        seen.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { seen, stream }
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('a body is read', () => {
  test('when it came in one piece, in several, or cut within a character', async () => {
    const whole = bytes('{"a":"🦊"}')

    expect((await post('{"a":"🦊"}')).answer).toEqual({ a: '🦊' })
    for (let cut = 0; cut <= whole.length; cut++) {
      const { stream } = streamOf([whole.slice(0, cut), whole.slice(cut)])
      expect((await post(stream)).answer).toEqual({ a: '🦊' })
    }
  })

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="utf-8"',
    'application/merge-patch+json',
    'application/vnd.api+json ; v=1',
  ])('as %s', async (type) => {
    expect((await post('{}', { 'content-type': type })).status).toBe(200)
  })

  test('when it has exactly the greatest length, with and without content-length', async () => {
    const body = JSON.stringify({ a: 'x'.repeat(bytesMax - 8) })

    expect(bytes(body)).toHaveLength(bytesMax)
    expect((await post(body)).status).toBe(200)
    expect((await post(body, { 'content-length': String(bytesMax) })).status).toBe(200)
  })

  test('with a byte order mark, which JSON lets a reader ignore', async () => {
    expect((await post('\ufeff{}')).status).toBe(200)
  })
})

describe('a body that is too large', () => {
  const tooLarge = { status: 413, answer: { detail: `body: expected at most ${bytesMax} bytes` } }

  test('is refused from its content-length, unread', async () => {
    const { seen, stream } = streamOf([bytes('x'.repeat(100))])

    expect(await post(stream, { 'content-length': '100' })).toMatchObject(tooLarge)
    expect(seen.pulled).toBe(0)
  })

  test('is refused at the first chunk past the limit, and the rest let go', async () => {
    const { seen, stream } = streamOf(Array.from({ length: 1000 }, () => bytes('x'.repeat(10))))

    expect(await post(stream)).toMatchObject(tooLarge)
    expect(seen).toEqual({ pulled: 7, cancelled: true })
  })

  test('is refused when its content-length understated it', async () => {
    const body = JSON.stringify('x'.repeat(bytesMax))

    expect(await post(body, { 'content-length': '2' })).toMatchObject(tooLarge)
  })

  test('is refused past 1 MiB when nothing else is configured', async () => {
    const fits = JSON.stringify({ a: 'x'.repeat(2 ** 20 - 8) })

    expect((await post(fits, {}, '/default')).status).toBe(200)
    expect((await post(`${fits} `, {}, '/default')).status).toBe(413)
  })
})

describe('a body that is not JSON', () => {
  test.each([
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'application/+json',
    'application/json/json',
    '',
  ])('is a 415 as %j', async (type) => {
    expect(await post('{}', { 'content-type': type })).toMatchObject({
      status: 415,
      answer: { detail: 'content-type: expected application/json' },
    })
  })

  test('is a 415 when it is compressed', async () => {
    expect(await post('{}', { 'content-encoding': 'gzip' })).toMatchObject({
      status: 415,
      answer: { detail: 'content-encoding: expected none' },
    })
  })

  test('is a 415 after its first chunk, and the rest let go', async () => {
    const { seen, stream } = streamOf([bytes(''), bytes('{}'), bytes('more')])

    expect((await post(stream, { 'content-type': 'text/plain' })).status).toBe(415)
    expect(seen).toEqual({ pulled: 2, cancelled: true })
  })
})

describe('no body', () => {
  const nothing = {
    status: 400,
    answer: { detail: 'body: expected a JSON object, got nothing' },
  }

  test.each([
    ['null', null],
    ['an empty text', ''],
    ['an empty stream', streamOf([]).stream],
  ])('is a 400 as %s, with and without a content type', async (_, body) => {
    const [first, second] = body instanceof ReadableStream ? body.tee() : [body, body]

    expect(await post(first ?? null)).toMatchObject(nothing)
    expect(await post(second ?? null, { 'content-type': '' })).toMatchObject(nothing)
  })

  test('is a 400 when the content-length says so', async () => {
    expect(await post('', { 'content-type': '', 'content-length': '0' })).toMatchObject(nothing)
  })
})

describe('a body that breaks off', () => {
  const brokenStream = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('socket hang up'))
      },
    })

  test.each([{}, { 'content-length': '50' }, { 'content-type': 'text/plain' }])(
    'is the fault of its sender, with %j',
    async (headers) => {
      expect(await post(brokenStream(), headers)).toMatchObject({
        status: 400,
        answer: { detail: 'body: ended before it was complete' },
      })
    },
  )
})

describe('a body that is no JSON object', () => {
  test.each(['{', '{"a":1,}', "{'a':1}", '{}{}', '\u0000', 'undefined', 'NaN', '{"a":"\n"}'])(
    'is a 400 when it is %j',
    async (body) => {
      expect(await post(body)).toMatchObject({
        status: 400,
        answer: { detail: 'body: expected valid JSON' },
      })
    },
  )

  test.each([
    [[0xff], 'a byte that is in no UTF-8'],
    [[0xc3], 'a sequence cut short'],
    [[0xed, 0xa0, 0x80], 'an encoded surrogate'],
    [[0xc0, 0x80], 'an overlong NUL'],
  ])('is a 400 with %j, %s', async (broken) => {
    const body = Uint8Array.from([...bytes('{"a":"'), ...broken, ...bytes('"}')])

    expect(await post(body)).toMatchObject({
      status: 400,
      answer: { detail: 'body: expected UTF-8' },
    })
  })

  test.each([
    ['[]', 'an array'],
    ['null', 'null'],
    ['"a"', 'a string'],
    ['1', 'a number'],
    ['true', 'a boolean'],
  ])('is a 400 that says so when it is %s', async (body, came) => {
    const message = `expected a JSON object, got ${came}`

    expect(await post(body)).toMatchObject({
      status: 400,
      answer: { detail: `body: ${message}`, errors: [{ path: '', message }] },
    })
  })

  test.each([
    ['arrays', '['.repeat(2 ** 20)],
    ['closed arrays', `${'['.repeat(2 ** 19)}${']'.repeat(2 ** 19)}`],
    ['objects', '{"a":'.repeat(200_000)],
  ])('is a 400 when it is a mebibyte of nested %s', async (_, body) => {
    expect((await post(body, {}, '/default')).status).toBe(400)
  })

  test('never gets further than a problem, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (body) => {
        expect([200, 400, 413]).toContain((await post(Uint8Array.from(body))).status)
      }),
    )
  })
})
