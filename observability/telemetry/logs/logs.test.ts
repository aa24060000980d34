import type { Hono } from 'hono'
import { PostgresDialect, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { createPool, readDatabaseTarget } from '../../../runtimes/service/database/database.ts'
import { SpanKind } from '../../otlp/model.ts'
import { observeDatabase } from '../database/observe-database.ts'
import type { Telemetry } from '../telemetry.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { startTracedService } from '../testing/traced-service.ts'
import { createLog, type LogEntry } from './logs.ts'

/** A service whose one route logs that entry. */
function logging(entry: LogEntry) {
  return (app: Hono, telemetry: Telemetry) => {
    app.get('/', (c) => {
      telemetry.log(entry)
      return c.text('done')
    })
  }
}

function parseLine(line: string | undefined): unknown {
  return JSON.parse(line ?? '')
}

const created: LogEntry = {
  severity: 'info',
  event: 'todo.created',
  message: 'todo created',
  attributes: { 'todo.id': '42', 'todo.count': 3, 'todo.share': 0.5, 'todo.done': false },
}

describe('an entry', () => {
  test('is a record with the trace of its request', async () => {
    await using service = await startTracedService(logging(created))
    const { span } = await service.observe('/')
    const [record, ...others] = await service.awaitRecords(1)
    expect(others).toEqual([])
    expect(record).toMatchObject({
      body: 'todo created',
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'todo.created',
      traceId: span.traceId,
      spanId: span.spanId,
      droppedAttributesCount: 0,
    })
    expect(byName(record?.attributes ?? [])).toEqual({
      'todo.id': '42',
      'todo.count': 3n,
      'todo.share': 0.5,
      'todo.done': false,
    })
    expect(record?.timeNanos).toBeGreaterThanOrEqual(span.startNanos)
    expect(record?.timeNanos).toBeLessThanOrEqual(span.endNanos)
  })

  test('is a line that a terminal shows and does not obey', () => {
    const message = '\x1b[31m\x9b31m\x7f\u202e\u2028'
    const lines: string[] = []
    createLog((line) => lines.push(line))({ severity: 'info', event: 'e', message })
    expect(lines[0]).toMatch(/^[ -~]*$/)
    expect(parseLine(lines[0])).toMatchObject({ message })
  })

  test('is a line of JSON with the same', async () => {
    await using service = await startTracedService(logging(created))
    const { span } = await service.observe('/')
    expect(service.lines).toHaveLength(1)
    expect(service.lines[0]).not.toContain('\n')
    expect(parseLine(service.lines[0])).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      severity: 'INFO',
      event: 'todo.created',
      message: 'todo created',
      trace_id: span.traceId,
      span_id: span.spanId,
      'todo.id': '42',
      'todo.count': 3,
      'todo.share': 0.5,
      'todo.done': false,
    })
  })

  test.each([
    ['info', 9, 'INFO'],
    ['warn', 13, 'WARN'],
    ['error', 17, 'ERROR'],
  ] as const)(
    'of severity %s has the number %i',
    async (severity, severityNumber, severityText) => {
      await using service = await startTracedService(logging({ ...created, severity }))
      await service.observe('/')
      expect((await service.awaitRecords(1))[0]).toMatchObject({ severityNumber, severityText })
    },
  )

  test('belongs to the server span, even beside a statement that has a span of its own', async () => {
    const url = process.env.TEST_DATABASE_URL ?? ''
    let close = async () => {}
    await using service = await startTracedService((app, telemetry) => {
      const observer = observeDatabase(telemetry, readDatabaseTarget(url))
      const pool = createPool({ url, poolMax: 1, timeoutMillis: 5000 }, observer)
      close = () => pool.end()
      const db = observer.createKysely(
        new PostgresDialect({
          pool,
          // Called within the statement, whose span is active then.
          async onReserveConnection() {
            telemetry.log(created)
          },
        }),
      )
      app.get('/', async (c) => {
        await sql`select 1`.execute(db)
        return c.text('done')
      })
    })
    const response = await fetch(service.url)
    await response.text()
    const spans = await service.awaitSpans(3)
    const server = spans.find(({ kind }) => kind === SpanKind.server)
    const [record] = await service.awaitRecords(1)
    expect(record).toMatchObject({ traceId: server?.traceId, spanId: server?.spanId })
    expect(parseLine(service.lines[0])).toMatchObject({ span_id: server?.spanId })
    await close()
  })

  test('outside of any request has no trace', async () => {
    await using service = await startTracedService(() => {})
    service.telemetry.log({ severity: 'info', event: 'service.started', message: 'listening' })
    expect((await service.awaitRecords(1))[0]).toMatchObject({ traceId: '', spanId: '' })
    expect(parseLine(service.lines[0])).not.toHaveProperty('trace_id')
  })

  test('of a request that is not sampled is kept, and names its trace', async () => {
    await using service = await startTracedService(logging(created), {
      variables: { OTEL_TRACES_SAMPLER: 'always_off' },
    })
    const response = await fetch(service.url)
    expect((await service.awaitRecords(1))[0]?.traceId).toBe(response.headers.get('x-trace-id'))
  })
})

describe('an error', () => {
  test('has its class, message and stack on record and line', async () => {
    const error = new RangeError('too far')
    await using service = await startTracedService(
      logging({ severity: 'error', event: 'request.failed', message: 'request failed', error }),
    )
    await service.observe('/')
    const expected = {
      'exception.type': 'RangeError',
      'exception.message': 'too far',
      'exception.stacktrace': error.stack,
    }
    expect(byName((await service.awaitRecords(1))[0]?.attributes ?? [])).toEqual(expected)
    expect(parseLine(service.lines[0])).toMatchObject(expected)
  })

  test.each([
    ['a string', 'broken', { 'exception.type': 'string', 'exception.message': 'broken' }],
    ['null', null, { 'exception.type': 'object' }],
    ['a number', 42, { 'exception.type': 'number' }],
    [
      'one whose properties throw',
      Object.defineProperty(new Error('x'), 'message', {
        get() {
          throw new Error('no')
        },
      }),
      { 'exception.type': 'object' },
    ],
  ])('that is %s is described as far as it can be', (_, error, expected) => {
    const lines: string[] = []
    createLog((line) => lines.push(line))({ ...created, attributes: {}, error })
    expect(parseLine(lines[0])).toMatchObject(expected)
    expect(
      Object.keys(Object(parseLine(lines[0]))).filter((key) => key.startsWith('exception')),
    ).toEqual(Object.keys(expected))
  })

  test('of any length is cut to a bound, between characters', () => {
    const lines: string[] = []
    const error = new Error(`x${'😀'.repeat(5000)}`)
    error.stack = 'y'.repeat(100_000)
    createLog((line) => lines.push(line))({ ...created, attributes: {}, error })
    const line = Object(parseLine(lines[0]))
    expect(line['exception.message']).toBe(`x${'😀'.repeat(511)}`)
    expect(line['exception.stacktrace']).toBe('y'.repeat(4096))
  })
})

describe('what the types do not promise', () => {
  const circle: { self?: object } = {}
  circle.self = circle
  const odd: unknown = {
    circle,
    big: 12n,
    nothing: undefined,
    nil: null,
    nan: Number.NaN,
    infinite: Number.NEGATIVE_INFINITY,
    fn: () => {},
    sym: Symbol('s'),
    date: new Date(Number.NaN),
  }

  test('becomes something that can be sent and read', async () => {
    await using service = await startTracedService(
      logging(Object.assign({ ...created }, { attributes: Object(odd) })),
    )
    await service.observe('/')
    const expected = {
      circle: '[object]',
      big: '12',
      nil: '[object]',
      nan: 'NaN',
      infinite: '-Infinity',
      fn: '[function]',
      sym: '[symbol]',
      date: '[object]',
    }
    expect(byName((await service.awaitRecords(1))[0]?.attributes ?? [])).toEqual(expected)
    const line = Object(parseLine(service.lines[0]))
    expect(line).toMatchObject(expected)
    expect(line).not.toHaveProperty('nothing')
  })

  test('an attribute cannot take the place of what every line has', () => {
    const lines: string[] = []
    const attributes = { event: 'forged', severity: 'forged', time: 'forged', own: 'kept' }
    createLog((line) => lines.push(line))({ ...created, attributes })
    expect(parseLine(lines[0])).toMatchObject({
      event: 'todo.created',
      severity: 'INFO',
      time: expect.stringMatching(/^\d{4}-/),
      own: 'kept',
    })
    expect(Object.keys(Object(parseLine(lines[0])))[0]).toBe('time')
  })

  test('a text of several lines is still one line', () => {
    const lines: string[] = []
    createLog((line) => lines.push(line))({ ...created, message: 'a\nb\u2028c' })
    expect(lines[0]?.split('\n')).toHaveLength(1)
  })

  test('an output that fails does not fail a request, and the record arrives', async () => {
    await using service = await startTracedService(logging(created), {
      telemetry: {
        writeLine() {
          throw new Error('the pipe is closed')
        },
      },
    })
    const { response } = await service.observe('/')
    expect(response.status).toBe(200)
    expect(await service.awaitRecords(1)).toHaveLength(1)
  })

  test('an entry whose attributes cannot even be listed does not fail a request', () => {
    const attributes = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no')
        },
      },
    )
    expect(() => createLog(() => {})({ ...created, attributes })).not.toThrow()
  })
})
