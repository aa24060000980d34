import { describe, expect, test } from 'vitest'
import type { ResourceSpans, Span } from '../../otlp/model.ts'
import { SpanKind } from '../../otlp/model.ts'
import { createSpan, groupDriverSpans } from '../play/client-spans.ts'
import type { PlayedRequest } from '../play/play-round.ts'
import { SourceError } from './ask-source.ts'
import { awaitTraces, describeIncomplete } from './await-traces.ts'
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
  isSent: true,
  answerBytes: 0,
  isResent: false,
  fault: null,
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

type Asked = { asked(): number }

/** Answers with the n-th list at the n-th question, then always with the last. */
function sourceOf(...answers: readonly (readonly Span[])[]): TraceSource & Asked {
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

test('no more spans are kept than fit', async () => {
  const many = Array.from({ length: 4 }, (_, index) => ({
    ...played,
    traceId: String(index).repeat(32),
  }))
  const source = sourceOf([server, child])
  const arrived = await awaitTraces(source, many, { ...options, spansMax: 5 })
  expect(arrived.failure).toBe(
    'it gave more than 5 spans, which is all that is kept; choose fewer rounds with --rounds',
  )
})

describe('a source that fails', () => {
  const good = sourceOf([server])

  function failing(isFailing: (asked: number) => boolean, error: Error): TraceSource & Asked {
    let asked = 0
    return {
      ...good,
      asked: () => asked,
      async fetchTrace(traceId) {
        asked += 1
        if (isFailing(asked)) throw error
        return good.fetchTrace(traceId)
      },
    }
  }

  test('now and then is asked again', async () => {
    const shaky = failing((asked) => asked % 3 !== 0, new Error('busy'))
    const arrived = await awaitTraces(shaky, [played], { ...options, waitMillisMax: 2000 })
    expect(arrived).toMatchObject({ incomplete: [], failure: null })
  })

  test('always is given up, long before the wait is over', async () => {
    const dead = failing(() => true, new Error('gone'))
    const { failure } = await awaitTraces(dead, [played], { ...options, waitMillisMax: 60_000 })
    expect(failure).toBe('gone')
  })

  test('to the end of a short wait has not lost the traces: it was not asked', async () => {
    const dead = failing(() => true, new SourceError('503 busy', false))
    expect((await awaitTraces(dead, [played], options)).failure).toBe('503 busy')
  })

  test('for good is asked once', async () => {
    const refusing = failing(() => true, new SourceError('401 who are you', true))
    const { failure } = await awaitTraces(refusing, [played], { ...options, waitMillisMax: 60_000 })
    expect(failure).toBe('401 who are you')
    expect(refusing.asked()).toBe(1)
  })

  test('half way keeps what it gave before', async () => {
    const dying = failing((asked) => asked > 1, new SourceError('410 gone', true))
    const later = { ...played, traceId: 'f'.repeat(32) }
    const arrived = await awaitTraces(dying, [played, later], options)
    expect([...arrived.traces.keys()]).toEqual([played.traceId])
    expect(arrived.failure).toBe('410 gone')
  })
})
