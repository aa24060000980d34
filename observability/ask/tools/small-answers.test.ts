import { expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { sendSpans } from '../../collector/testing/send.ts'
import { buildRequests } from '../testing/build-requests.ts'
import { startAskedCollector } from '../testing/start-asked-collector.ts'

const traceId = traceIdOf(0xfade)
const startNanos = BigInt(Date.now()) * 1_000_000n

test.each([
  ['all of other names', (index: number) => `step ${index} ${'of a long name '.repeat(10)}`, 10],
  ['a loop', () => 'SELECT todos', 5000],
])('a trace of 5,000 spans, %s, is outlined in 8 kB, with what stands out', async (_, name, of) => {
  await using asked = await startAskedCollector()
  const spans = Array.from({ length: 5000 }, (_, index) =>
    buildSpan({
      traceId,
      spanId: spanIdOf(index + 1),
      parentSpanId: index === 0 ? '' : spanIdOf(1 + Math.floor((index - 1) / of)),
      kind: index === 0 ? 2 : 3,
      name: index === 0 ? 'GET /todos' : name(index),
      startNanos: startNanos + BigInt(index) * 1_000n,
      endNanos: startNanos + 9_000_000n - BigInt(index),
      ...(index === 4321 && { status: { code: 2, message: 'deadlock detected' } }),
      attributes: buildAttributes({ 'app.index': BigInt(index) }),
    }),
  )
  await sendSpans(asked, [buildGroup(spans)])

  const { text } = await asked.ask('trace', { traceId })

  expect(Buffer.byteLength(text)).toBeLessThan(8_000)
  expect(text).toMatch(/5000 spans/)
  expect(text).toMatch(/failed: [0-9a-f]{16} "[^"]*"…?: "deadlock detected"/)
  expect(text).toMatch(of === 5000 ? /repeated: "SELECT todos" 4999 times/ : /shorter steps/)
})

test('five runtimes are compared in 4 kB, with what fails, differs and is slower', async () => {
  await using asked = await startAskedCollector()
  const names = ['node', 'workers', 'deno', 'bun', 'lambda']
  const routes = Array.from({ length: 10 }, (_, index) => `/a/rather/long/route/:id/${index}`)
  for (const route of routes)
    await sendSpans(
      asked,
      names.flatMap((runtime) => [
        ...buildRequests(25, {
          runtime,
          route,
          databaseMillis: runtime === 'bun' ? 40 : 2,
          attributes: runtime === 'deno' ? { 'app.cached': true, 'app.note': 'x'.repeat(500) } : {},
        }),
        ...(runtime === 'workers'
          ? buildRequests(20, { runtime, route, status: 500, message: 'socket closed' })
          : []),
      ]),
    )

  const { text } = await asked.ask('compare', { reference: 'node' })

  expect(Buffer.byteLength(text)).toBeLessThan(4_000)
  expect(text).toContain('"node" 250')
  expect(text).toMatch(/failure: ".* fails on workers: 20 of 45 requests/)
  expect(text).toMatch(/difference: ".*deno: .*app\.cached is extra/)
  expect(text).toMatch(/time: "bun takes .*work in the database/)
})

test('lists go on where they ended', async () => {
  await using asked = await startAskedCollector()
  await sendSpans(asked, buildRequests(7, { runtime: 'node' }))
  const first = await asked.ask('find_traces', { limit: 4 })
  const [, cursor] = /^nextCursor: (.*)$/m.exec(first.text) ?? []

  const second = await asked.ask('find_traces', { limit: 4, cursor })

  const ids = `${first.text}\n${second.text}`.match(/^[0-9a-f]{32}/gm) ?? []
  expect(new Set(ids).size).toBe(7)
  expect(second.text).not.toContain('nextCursor')
})
