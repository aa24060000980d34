import { type Context, Hono } from 'hono'
import { PostgresDialect, sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { createPool, readDatabaseTarget } from '../../runtimes/service/database/database.ts'
import { findFreePort } from '../plumbing/find-free-port.ts'
import { observeDatabase } from './database/observe-database.ts'
import { parseTelemetrySettings } from './settings/settings.ts'
import type { Variables } from './settings/variable-reader.ts'
import { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts'
import { wait } from './testing/durations.ts'
import {
  accept,
  neverAnswer,
  type OtlpReceiver,
  refuse,
  startOtlpReceiver,
} from './testing/otlp-receiver.ts'
import { startTracedService } from './testing/traced-service.ts'

type Observed = {
  readonly app: Hono
  readonly telemetry: Telemetry
  /** What was written to the output, read back. */
  readonly entries: () => readonly Readonly<Record<string, unknown>>[]
}

/** An application that is observed, and answers and logs at `/`. */
function observe(variables: Variables, options: Partial<TelemetryOptions> = {}): Observed {
  const lines: string[] = []
  const telemetry = createTelemetry({
    settings: parseTelemetrySettings(variables),
    scope: { name: 'test', version: '1.2.3' },
    resource: {},
    writeLine: (line) => lines.push(line),
    schedule: 'timer',
    ...options,
  })
  const app = new Hono()
  app.get('/', (c: Context) => {
    telemetry.log({ severity: 'info', event: 'asked', message: 'asked' })
    return c.text('hello')
  })
  app.fetch = telemetry.trace(app)
  return {
    app,
    telemetry,
    entries: () => lines.map((line) => JSON.parse(line)),
  }
}

/** `http://127.0.0.1:…` of a receiver, with time-outs that do not keep a test waiting. */
function sendTo(receiver: OtlpReceiver): Variables {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: 200,
    OTEL_BSP_SCHEDULE_DELAY: 10,
    OTEL_BLRP_SCHEDULE_DELAY: 10,
  }
}

async function ask(app: Hono, times: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < times; i++) expect((await app.request('/')).status).toBe(200)
  return performance.now() - start
}

const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 5000, interval: 5 })

const eventsOf = ({ entries }: Observed) => entries().map(({ event }) => event)

describe('a process', () => {
  test('sends by itself, soon after something ended', async () => {
    await using receiver = await startOtlpReceiver()
    const { app, telemetry } = observe(sendTo(receiver))
    await ask(app, 3)
    await until(() => receiver.spans().length === 3 && receiver.records().length === 3)
    await telemetry.close()
  })

  test('says to everybody which instrumentation it was', async () => {
    await using receiver = await startOtlpReceiver()
    const { app, telemetry } = observe(sendTo(receiver))
    await ask(app, 1)
    await telemetry.close()
    expect(receiver.spans()[0]?.scope).toBe('test')
    expect(receiver.records()[0]?.scope).toBe('test')
  })

  test('sends what is left when it is closed, and no more after it', async () => {
    await using receiver = await startOtlpReceiver()
    const { app, telemetry } = observe({ ...sendTo(receiver), OTEL_BSP_SCHEDULE_DELAY: 60_000 })
    await ask(app, 300)
    await telemetry.close()
    expect(receiver.spans()).toHaveLength(300)
    const requests = receiver.requests.length
    await telemetry.close()
    await ask(app, 1)
    await wait(50)
    expect(receiver.requests).toHaveLength(requests)
  })

  test('that is closed waits for what is on its way', async () => {
    await using receiver = await startOtlpReceiver()
    receiver.answerWith((outgoing) => setTimeout(() => accept(outgoing), 100))
    const { app, telemetry } = observe(sendTo(receiver))
    await ask(app, 1)
    await until(() => receiver.requests.length > 0)
    await telemetry.close()
    expect(receiver.spans()).toHaveLength(1)
  })
})

/** What a program without types may hand over. */
const untyped = (value: unknown): never => value as never

test('what is not what the types promise fails nobody: texts are made of it, or that one is dropped', async () => {
  await using receiver = await startOtlpReceiver()
  const { telemetry, entries } = observe(sendTo(receiver))
  const { tracer } = telemetry
  if (tracer === undefined) throw new Error('expected a tracer')
  tracer.startSpan(untyped(undefined)).end()
  tracer.startSpan(untyped(42)).addEvent(untyped(404)).setAttributes(untyped(false)).end()
  tracer.startSpan('never', { attributes: untyped('') }).end(Number.NaN)
  tracer.startSpan('negative', { kind: untyped(-3) }).end()
  telemetry.log({ severity: 'info', event: untyped(404), message: 'numbered' })
  await telemetry.close()
  expect(receiver.spans().map(({ item }) => item.name)).toEqual(['undefined', '42', 'negative'])
  expect(receiver.records().map(({ item }) => item.eventName)).toEqual(['404'])
  expect(entries()).toContainEqual(expect.objectContaining({ message: 'numbered' }))
})

describe('a platform that sends when it is told', () => {
  test('has sent when the drain resolves, and begins nothing by itself', async () => {
    await using receiver = await startOtlpReceiver()
    const { app, telemetry } = observe(sendTo(receiver), { schedule: 'caller' })
    await ask(app, 3)
    await wait(50)
    expect(receiver.requests).toHaveLength(0)
    await telemetry.drain()
    expect(receiver.spans()).toHaveLength(3)
    expect(receiver.records()).toHaveLength(3)
  })

  test('loses nothing by draining at once for many requests', async () => {
    await using receiver = await startOtlpReceiver()
    const { app, telemetry } = observe(sendTo(receiver), { schedule: 'caller' })
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        await app.request('/')
        await telemetry.drain()
      }),
    )
    expect(receiver.spans()).toHaveLength(100)
    expect(new Set(receiver.spans().map(({ item }) => item.spanId)).size).toBe(100)
  })
})

describe('an outage', () => {
  const outages: readonly (readonly [string, (receiver: OtlpReceiver) => Promise<Variables>])[] = [
    [
      'a refused port',
      async (receiver) => ({
        ...sendTo(receiver),
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await findFreePort()}`,
      }),
    ],
    [
      'a black hole',
      async (receiver) => {
        receiver.answerWith(neverAnswer)
        return sendTo(receiver)
      },
    ],
    [
      'refusals',
      async (receiver) => {
        receiver.answerWith(refuse(401))
        return sendTo(receiver)
      },
    ],
  ]

  test.each(outages)('(%s) is told once, and what was lost once at the end', async (_, setUp) => {
    await using receiver = await startOtlpReceiver()
    const observed = observe(await setUp(receiver))
    const { app, telemetry } = observed
    await ask(app, 5)
    await until(() => eventsOf(observed).includes('telemetry.export_failed'))
    await ask(app, 5)
    await wait(300)
    const start = performance.now()
    await telemetry.close()
    expect(performance.now() - start).toBeLessThan(1000)

    const told = observed.entries().filter(({ event }) => event !== 'asked')
    expect(told.map(({ event }) => event)).toEqual([
      'telemetry.export_failed',
      'telemetry.lost',
      'telemetry.lost',
    ])
    expect(told.map(({ message }) => message).slice(1)).toEqual([
      '10 spans were never sent',
      '10 log records were never sent',
    ])
    // It is the process's news, not that of the request whose span could not be sent.
    for (const entry of told) expect(entry).not.toHaveProperty('trace_id')
  })

  test('(a black hole) delays no request', async () => {
    await using receiver = await startOtlpReceiver()
    const without = new Hono().get('/', (c) => c.text('hello'))
    receiver.answerWith(neverAnswer)
    const observed = observe({ ...sendTo(receiver), OTEL_BSP_MAX_EXPORT_BATCH_SIZE: 4 })
    await ask(observed.app, 50)
    await until(() => receiver.requests.length > 0)
    const times: number[] = []
    for (let i = 0; i < 20; i++) times.push(await ask(observed.app, 5))
    const bare = await ask(without, 100)
    expect(times.reduce((sum, time) => sum + time, 0)).toBeLessThan(bare + 200)
    expect(Math.max(...times)).toBeLessThan(150)
    await observed.telemetry.close()
  })

  test('that ends is told with what was lost, and what was kept arrives', async () => {
    await using receiver = await startOtlpReceiver()
    receiver.answerWith(refuse(503))
    const observed = observe({ ...sendTo(receiver), OTEL_BSP_MAX_QUEUE_SIZE: 4 })
    await ask(observed.app, 10)
    await until(() => eventsOf(observed).includes('telemetry.export_failed'))
    receiver.answerWith(accept)
    await until(() => eventsOf(observed).includes('telemetry.export_recovered'))
    const told = observed.entries().filter(({ event }) => event !== 'asked')
    expect(told).toEqual([
      expect.objectContaining({
        event: 'telemetry.export_failed',
        message: expect.stringMatching(
          `^telemetry cannot be sent to ${receiver.url}/v1/(traces|logs); it is kept, within bounds, until it can$`,
        ),
      }),
      expect.objectContaining({
        event: 'telemetry.export_recovered',
        message: expect.stringMatching(
          `^telemetry is sent to ${receiver.url}/v1/(traces|logs) again; 6 spans and log records were lost$`,
        ),
        'telemetry.dropped': 6,
      }),
    ])
    expect(receiver.spans()).toHaveLength(4)
    expect(receiver.records()).toHaveLength(10)
    await observed.telemetry.close()
    expect(observed.entries().filter(({ event }) => event === 'telemetry.lost')).toEqual([])
  })

  test('of one of two receivers is told by its name', async () => {
    await using receiver = await startOtlpReceiver()
    await using other = await startOtlpReceiver()
    other.answerWith(refuse(503))
    const observed = observe({
      ...sendTo(receiver),
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${other.url}/v1/logs`,
    })
    await ask(observed.app, 1)
    await until(() => eventsOf(observed).includes('telemetry.export_failed'))
    expect(
      observed.entries().find(({ event }) => event === 'telemetry.export_failed')?.message,
    ).toContain(`${other.url}/v1/logs`)
    await observed.telemetry.close()
    expect(receiver.spans()).toHaveLength(1)
  })

  test('never quotes the headers of an export, nor a password in its URL', async () => {
    const observed = observe({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:s3cr3t@127.0.0.1:${await findFreePort()}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=s3cr3t',
      OTEL_EXPORTER_OTLP_TIMEOUT: 200,
    })
    await ask(observed.app, 1)
    await observed.telemetry.close()
    expect(eventsOf(observed)).toContain('telemetry.export_failed')
    expect(JSON.stringify(observed.entries())).not.toContain('s3cr3t')
  })
})

describe('a variable that cannot be used', () => {
  test('is a line at the start, and stops nothing', async () => {
    await using receiver = await startOtlpReceiver()
    const observed = observe({ ...sendTo(receiver), OTEL_TRACES_SAMPLER: 'sometimes' })
    await ask(observed.app, 1)
    await observed.telemetry.close()
    expect(receiver.spans()).toHaveLength(1)
    expect(observed.entries()[0]).toMatchObject({
      severity: 'WARN',
      event: 'telemetry.setting_ignored',
      message: expect.stringMatching(/^OTEL_TRACES_SAMPLER: expected one of .*, got "sometimes"; /),
      'telemetry.setting': 'OTEL_TRACES_SAMPLER',
    })
  })
})

describe('a signal that is kept inside', () => {
  test('is not sent, and not missed', async () => {
    await using receiver = await startOtlpReceiver()
    const observed = observe({ ...sendTo(receiver), OTEL_TRACES_EXPORTER: 'none' })
    const response = await observed.app.request('/')
    await observed.telemetry.close()
    expect(response.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(receiver.spans()).toHaveLength(0)
    expect(receiver.records()).toHaveLength(1)
    expect(eventsOf(observed)).toEqual(['asked'])
  })
})

describe('OTEL_SDK_DISABLED', () => {
  test('leaves no span, no header and no request, and the lines of the service', async () => {
    const url = process.env.TEST_DATABASE_URL ?? ''
    let close = async () => {}
    await using service = await startTracedService(
      (app, telemetry) => {
        const observer = observeDatabase(telemetry, readDatabaseTarget(url))
        const pool = createPool({ url, poolMax: 1, timeoutMillis: 5000 }, observer)
        close = () => pool.end()
        const db = observer.createKysely(new PostgresDialect({ pool }))
        app.get('/', async (c) => {
          await sql`select 1`.execute(db)
          telemetry.log({ severity: 'error', event: 'e', message: 'm', error: new Error('x') })
          return c.text('hello')
        })
      },
      { variables: { OTEL_SDK_DISABLED: 'true' }, telemetry: { schedule: 'timer' } },
    )
    const response = await fetch(service.url, {
      headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    })
    expect(await response.text()).toBe('hello')
    await service.telemetry.drain()
    await service.telemetry.close()
    await close()

    expect(response.headers.get('x-trace-id')).toBeNull()
    expect(service.receiver.requests).toEqual([])
    expect(service.receiver.connections()).toBe(0)
    expect(service.lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: 'e', 'exception.message': 'x' }),
    ])
    expect(service.lines[0]).not.toContain('trace_id')
  })
})
