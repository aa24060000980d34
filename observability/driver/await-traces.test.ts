import { expect, test } from 'vitest'
import type { ResourceSpans, Span } from '../otlp/model.ts'
import { SpanKind } from '../otlp/model.ts'
import { awaitTraces, describeIncomplete } from './await-traces.ts'
import { createSpan, groupDriverSpans } from './client-spans.ts'
import type { PlayedRequest } from './play-round.ts'
import type { TraceSource } from './trace-source.ts'

const spanId = 'b7ad6b7169203331'
const played: PlayedRequest = {
  operation: 'get',
  runtime: 'node',
  round: 1,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId,
  method: 'GET',
  url: 'http://127.0.0.1:1/',
  intendedAt: 0,
  sentAt: 0,
  endedAt: 0,
  answer: null,
  error: null,
}

function span(id: string, parentSpanId: string, kind: number = SpanKind.internal): Span {
  return createSpan({
    traceId: played.traceId,
    spanId: id.repeat(16),
    parentSpanId,
    name: id,
    kind,
    startNanos: 0n,
    endNanos: 1n,
    attributes: [],
    status: { code: 0, message: '' },
  })
}

const server = span('a', spanId, SpanKind.server)
const child = span('b', 'a'.repeat(16))
const grandchild = span('c', 'b'.repeat(16))

/** Answers with the n-th list at the n-th question, then always with the last. */
function sourceOf(...answers: readonly (readonly Span[])[]): TraceSource & { asked(): number } {
  let asked = 0
  return {
    title: 'test',
    hasLogs: true,
    asked: () => asked,
    async fetchTrace() {
      const spans = answers[Math.min(asked, answers.length - 1)] ?? []
      asked += 1
      const groups: readonly ResourceSpans[] = groupDriverSpans(spans, '1')
      return spans.length === 0 ? null : { spans: groups, logs: [] }
    },
  }
}

const options = { settleMillis: 0, waitMillisMax: 200 }

test('a trace that is whole is fetched once', async () => {
  const source = sourceOf([server, child])
  const { traces, incomplete } = await awaitTraces(source, [played], options)
  expect(traces.get(played.traceId)?.spanCount).toBe(2)
  expect(incomplete).toEqual([])
  expect(source.asked()).toBe(1)
})

test('one that is not is waited for: nothing yet, the driver’s span alone, a parent that lags', async () => {
  const source = sourceOf([], [span('b', '')], [server, grandchild], [server, child, grandchild])
  const { traces, incomplete } = await awaitTraces(source, [played], options)
  expect(traces.get(played.traceId)?.spanCount).toBe(3)
  expect(incomplete).toEqual([])
})

test('one that has just been made is asked for again, because a child may follow', async () => {
  const source = sourceOf([server], [server, child])
  const justEnded = { ...played, endedAt: performance.now() }
  const { traces } = await awaitTraces(source, [justEnded], { ...options, settleMillis: 100 })
  expect(traces.get(played.traceId)?.spanCount).toBe(2)
})

test.each([
  [[], 'never arrived'],
  [[child], 'came without a server span under the span of the request'],
  [[server, grandchild], 'came with spans whose parents never arrived'],
  [
    [span('a', 'f'.repeat(16), SpanKind.server)],
    'came without a server span under the span of the request',
  ],
])('what never comes is named', async (spans, phrase) => {
  const arrived = await awaitTraces(sourceOf(spans), [played], options)
  expect(describeIncomplete(arrived, [played])).toEqual([`node: of 1 traces 1 ${phrase} (get 1)`])
})

test('a source that fails now and then is asked again, one that always fails is not', async () => {
  let asked = 0
  const good = sourceOf([server])
  const shaky: TraceSource = {
    ...good,
    async fetchTrace(traceId) {
      asked += 1
      if (asked % 3 !== 0) throw new Error('busy')
      return good.fetchTrace(traceId)
    },
  }
  const { incomplete } = await awaitTraces(shaky, [played], { ...options, waitMillisMax: 2000 })
  expect(incomplete).toEqual([])
  const dead: TraceSource = { ...good, fetchTrace: () => Promise.reject(new Error('gone')) }
  await expect(awaitTraces(dead, [played], { ...options, waitMillisMax: 9000 })).rejects.toThrow(
    'gone',
  )
})
