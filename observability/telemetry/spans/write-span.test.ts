import {
  type Attributes,
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { JsonLogsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider, type SdkLogRecord } from '@opentelemetry/sdk-logs'
import { NodeTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLogsJson, parseTracesJson } from '../../otlp/decode-json.ts'
import { parseLogsProtobuf, parseTracesProtobuf } from '../../otlp/decode-protobuf.ts'
import { writeBatch } from '../testing/write-batch.ts'
import type { Observed } from './encode-head.ts'
import { RecordedSpan } from './recorded-span.ts'
import { createSpanTracer } from './span-tracer.ts'
import type { WireWriter } from './wire-writer.ts'
import { writeRecord, writeSpan } from './write-span.ts'

const resource = resourceFromAttributes({ 'service.name': 'a "name"', port: 1, ratio: 0.5 })
const spanLimits = {
  attributeCountLimit: 4,
  attributeValueLengthLimit: 6,
  eventCountLimit: 2,
  linkCountLimit: 1,
  attributePerEventCountLimit: 1,
  attributePerLinkCountLimit: 1,
}
const ids = { generateTraceId: () => 'ab'.repeat(16), generateSpanId: () => 'cd'.repeat(8) }

/** A tracer of the SDK's, one of ours that obeys the same provider, and what a processor of it gets of both. */
function createTracers() {
  const ended: ReadableSpan[] = []
  const provider = new NodeTracerProvider({
    resource,
    spanLimits,
    idGenerator: ids,
    spanProcessors: [
      {
        onStart: (span) => span.setAttribute('started', true),
        onEnd: (span) => ended.push(span),
        async forceFlush() {},
        async shutdown() {},
      },
    ],
  })
  const theirs = provider.getTracer('scope', '1.0', { schemaUrl: 'https://example.com/schema' })
  return { theirs, ours: createSpanTracer(theirs), ended }
}

const anyText = fc.string({ unit: 'binary', maxLength: 12 })
const anyValue = fc.oneof(
  anyText,
  fc.integer(),
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  fc.constantFrom(2 ** 53, -(2 ** 53), Number.MAX_SAFE_INTEGER),
  fc.boolean(),
  fc.array(anyText, { maxLength: 3 }),
)
// An object cannot have an attribute of that name, and the SDK and we pass over it in ways of our own.
const anyKey = anyText.filter((key) => key !== '__proto__')
const anyAttributes: fc.Arbitrary<Attributes> = fc.dictionary(anyKey, anyValue, { maxKeys: 6 })
const anyTime = fc.double({ min: 1.7e12, max: 1.9e12, noNaN: true })
const anySpan = fc.record({
  name: anyText,
  kind: fc.constantFrom(SpanKind.SERVER, SpanKind.CLIENT, SpanKind.INTERNAL),
  start: anyTime,
  end: anyTime,
  attributes: anyAttributes,
  isFrozen: fc.boolean(),
  later: anyAttributes,
  events: fc.array(fc.tuple(anyText, anyAttributes, anyTime), { maxLength: 4 }),
  links: fc.array(anyAttributes, { maxLength: 2 }),
  status: fc.constantFrom(
    { code: SpanStatusCode.UNSET },
    { code: SpanStatusCode.ERROR },
    { code: SpanStatusCode.ERROR, message: 'broken\n' },
  ),
  parent: fc.constantFrom(undefined, '', 'vendor=1'),
})

type Drawn = typeof anySpan extends fc.Arbitrary<infer T> ? T : never

function record(tracer: Tracer, drawn: Drawn): void {
  const remote = { traceId: 'ef'.repeat(16), spanId: '12'.repeat(8), traceFlags: 1 }
  const parent =
    drawn.parent === undefined
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, {
          ...remote,
          isRemote: true,
          ...(drawn.parent !== '' && { traceState: createTraceState(drawn.parent) }),
        })
  const { name, kind, start, attributes } = drawn
  const given = drawn.isFrozen ? Object.freeze({ ...attributes }) : attributes
  const span = tracer.startSpan(name, { kind, startTime: start, attributes: given }, parent)
  span.setAttributes(drawn.later)
  for (const [event, own, time] of drawn.events) span.addEvent(event, own, time)
  for (const own of drawn.links) span.addLink({ context: remote, attributes: own })
  span.setStatus(drawn.status)
  span.end(drawn.end)
}

test('a span of ours says what one of the SDK says, under the same limits', () => {
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 3 }), (drawn) => {
      const { theirs, ours, ended } = createTracers()
      for (const one of drawn) record(theirs, one)
      const expected = ended.splice(0)
      for (const one of drawn) record(ours, one)
      expect(ended.every((span) => span instanceof RecordedSpan)).toBe(true)

      const told = parseTracesProtobuf(renderBody(ended, writeSpan))
      expect(told).toEqual(parse(JsonTraceSerializer.serializeRequest(expected), parseTracesJson))
      // A processor that somebody adds reads it as it would the SDK's.
      expect(parse(JsonTraceSerializer.serializeRequest(ended), parseTracesJson)).toEqual(told)
      // And ours reads the SDK's.
      expect(parseTracesProtobuf(renderBody(expected, writeSpan))).toEqual(told)
    }),
  )
})

test('a record says what the exporter of the SDK would have said', () => {
  fc.assert(
    fc.property(anyAttributes, anyText, anyTime, (attributes, body, timestamp) => {
      const emitted: SdkLogRecord[] = []
      const provider = new LoggerProvider({
        resource,
        processors: [
          {
            onEmit: (one) => emitted.push(one),
            async forceFlush() {},
            async shutdown() {},
          },
        ],
      })
      const logger = provider.getLogger('scope', '1.0')
      logger.emit({ attributes, body, timestamp, observedTimestamp: timestamp, eventName: 'e' })
      expect(parseLogsProtobuf(renderBody(emitted, writeRecord))).toEqual(
        parse(JsonLogsSerializer.serializeRequest(emitted), parseLogsJson),
      )
    }),
  )
})

function parse<T>(bytes: Uint8Array | undefined, read: (text: string) => T): T {
  return read(new TextDecoder().decode(bytes))
}

function renderBody<T extends Observed>(
  items: readonly T[],
  write: (writer: WireWriter, item: T) => void,
): Uint8Array {
  return writeBatch(items, write)?.render() ?? new Uint8Array()
}

test('an integer that JSON could not hold is one, and any other of its size a double', () => {
  const { ours, ended } = createTracers()
  ours
    .startSpan('a', {
      attributes: { least: -(2 ** 63), large: 2 ** 60, most: 2 ** 63, nothing: -0 },
    })
    .end()
  const [group] = parseTracesProtobuf(renderBody(ended, writeSpan))
  expect(group?.scopes[0]?.items[0]?.attributes).toEqual(
    expect.arrayContaining([
      { key: 'least', value: -(2n ** 63n) },
      { key: 'large', value: 2n ** 60n },
      { key: 'most', value: 2 ** 63 },
      { key: 'nothing', value: 0n },
    ]),
  )
})

test('a processor that changes the attributes of a span changes what is sent', () => {
  const { ours, ended } = createTracers()
  ours.startSpan('a', { attributes: Object.freeze({ key: 'secret' }) }).end()
  for (const { attributes } of ended) attributes.key = 'hidden'
  const [group] = parseTracesProtobuf(renderBody(ended, writeSpan))
  expect(group?.scopes[0]?.items[0]?.attributes).toContainEqual({ key: 'key', value: 'hidden' })
})
