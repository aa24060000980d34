// What a server span costs a request, against no telemetry and against the ways one would write it first.
// Run: node benchmarks/server-span.ts [--rounds 15] [--requests 4000]
//
// No sockets and no exporter: an application answers requests in memory, and what is timed is the application. `ours`
// keeps its spans until a timer takes them, as when they are sent; the other two let go of them at their end. All
// variants take turns within one process, so that a machine that grows hot or busy slows all of them; what is claimed
// is the ratio to the bare application of the same round, and the spread of it over the rounds.
//
// `web` is the Request and Response of the platform, as on Workers, Deno and Bun. `node` is @hono/node-server, whose
// objects are lighter as long as nobody asks them for what they have not made yet.

import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import { httpInstrumentationMiddleware } from '@hono/otel'
import { context, propagation, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { Hono, type MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { parseTelemetrySettings } from '../observability/telemetry/settings/settings.ts'
import type { Variables } from '../observability/telemetry/settings/variable-reader.ts'
import type { Telemetry } from '../observability/telemetry/telemetry.ts'
import { createNodeTelemetry } from '../runtimes/node/telemetry.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    requests: { type: 'string', default: '4000' },
  },
})
const rounds = Number(values.rounds)
const requests = Number(values.requests)
const burst = 50

const todo = {
  id: '0198c0de-0000-7000-8000-000000000001',
  title: 'buy milk',
  description: null,
  completed: false,
  created_at: '2026-11-22T12:00:00.000Z',
  updated_at: '2026-11-22T12:00:00.000Z',
}
const path = `/api/v1/todos/${todo.id}?verbose=1`
const headers = {
  host: '127.0.0.1:8001',
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en',
  connection: 'keep-alive',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'x-request-id': '6f1b2c3d',
}
const rawHeaders = Object.entries(headers).flat()

function createApp(before: readonly MiddlewareHandler[]): Hono {
  const app = new Hono({ strict: false })
  for (const handler of before) app.use(handler)
  app.get('/api/v1/todos/:id', (c) => c.json(todo))
  return app
}

/** Telemetry as the Node adapter makes it, but for the sending. */
function ours(variables: Variables): Telemetry {
  const none = { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
  return createNodeTelemetry(parseTelemetrySettings({ ...none, ...variables }), {})
}

/** The least that makes a span of the same kind, with its parent and a context for its children. */
function minimal(tracer: Tracer): MiddlewareHandler {
  return (c, next) => {
    const parent = propagation.extract(context.active(), {
      traceparent: c.req.header('traceparent'),
    })
    const span: Span = tracer.startSpan(c.req.method, { kind: SpanKind.SERVER }, parent)
    return context.with(trace.setSpan(parent, span), async () => {
      await next()
      const route = routePath(c, -1)
      span.updateName(`${c.req.method} ${route}`)
      span.setAttributes({
        'http.request.method': c.req.method,
        'http.route': route,
        'http.response.status_code': c.res.status,
      })
      span.end()
    })
  }
}

// `ours` comes first: it registers the context manager and the propagator, which all but the bare one need.
const sampled = ours({})
const unsampled = ours({ OTEL_TRACES_SAMPLER: 'always_off' })
const tracer = new BasicTracerProvider().getTracer('benchmark')
const apps = {
  bare: createApp([]),
  'minimal span': createApp([minimal(tracer)]),
  '@hono/otel alone': createApp([httpInstrumentationMiddleware({ tracer })]),
  ours: { fetch: sampled.trace(createApp([])) },
  'ours, sampling off': { fetch: unsampled.trace(createApp([])) },
}

type Answer = () => Promise<unknown>

function answerWeb(app: Pick<Hono, 'fetch'>): Answer {
  return async () => {
    const response = await app.fetch(new Request(`http://127.0.0.1:8001${path}`, { headers }))
    await response.text()
  }
}

function answerNode(app: Pick<Hono, 'fetch'>): Answer {
  const listener = getRequestListener(app.fetch)
  const socket = new Socket()
  return async () => {
    const incoming = new IncomingMessage(socket)
    incoming.method = 'GET'
    incoming.url = path
    incoming.headers = headers
    incoming.rawHeaders = rawHeaders
    const outgoing = new ServerResponse(incoming)
    await listener(incoming, outgoing)
    outgoing.emit('close') // what a socket would have it say
  }
}

async function timeMicros(answer: Answer): Promise<number> {
  let nanos = 0n
  for (let done = 0; done < requests; done += burst) {
    // Outside of what is timed: what an event loop does besides, such as sending spans away.
    await setImmediate()
    const start = process.hrtime.bigint()
    for (let i = 0; i < burst; i++) await answer()
    nanos += process.hrtime.bigint() - start
  }
  return Number(nanos) / 1000 / requests
}

async function compare(
  title: string,
  makeAnswer: (app: Pick<Hono, 'fetch'>) => Answer,
): Promise<void> {
  const answers = Object.entries(apps).map(([name, app]) => ({ name, answer: makeAnswer(app) }))
  const micros = new Map(answers.map(({ name }) => [name, [] as number[]]))
  for (let round = -2; round < rounds; round++) {
    // A variant must not always follow the same other one: it would pay for that one's garbage.
    const turned = answers.map((_, i) => answers[(i + round + answers.length) % answers.length])
    for (const turn of turned) {
      if (turn === undefined) continue
      const measured = await timeMicros(turn.answer)
      if (round >= 0) micros.get(turn.name)?.push(measured)
    }
  }
  report(title, micros)
}

function report(title: string, micros: ReadonlyMap<string, readonly number[]>): void {
  const bare = micros.get('bare') ?? []
  print(`\n${title}: ${rounds} rounds of ${requests} requests`)
  print(`${'variant'.padEnd(20)}  µs/request  µs added (middle half)  times bare (middle half)`)
  for (const [name, measured] of micros) {
    const added = measured.map((value, round) => value - (bare[round] ?? Number.NaN))
    const ratios = measured.map((value, round) => value / (bare[round] ?? Number.NaN))
    print(
      `${name.padEnd(20)}  ${quantile(measured, 0.5).toFixed(2).padStart(10)}  ${spread(added).padEnd(22)}  ${spread(ratios)}`,
    )
  }
}

function spread(numbers: readonly number[]): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(numbers, q).toFixed(2))
  return `${middle} (${low}–${high})`
}

function quantile(numbers: readonly number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.round(q * (sorted.length - 1))] ?? Number.NaN
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

print(`Node ${process.versions.node}`)
await compare('web', answerWeb)
await compare('node', answerNode) // last: it puts its own Request and Response in the platform's place
process.exit(0)
