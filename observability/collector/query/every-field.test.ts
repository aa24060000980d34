import protobuf from 'protobufjs'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { logsType, tracesType } from '../../otlp/testing/protobufjs-encode.ts'
import { traceJsonSchema } from '../../wire/otlp-schemas.ts'
import { traceIdOf } from '../testing/build-telemetry.ts'
import { json, post, protobuf as protobufType } from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

// Requests in which every field of the .proto is set, made from the .proto itself: a field that is
// added there and lost on the way here fails.

type Fields = { [name: string]: unknown }
/** The same for protobufjs and in OTLP/JSON. */
type Filled = { readonly wire: Fields; readonly json: Fields }

test.each([
  ['protobuf', protobufType],
  ['JSON', json],
])('every field of a trace, sent in %s, is read back from it', async (_, contentType) => {
  await using collector = await startTestCollector()
  const spans = fill(tracesType)
  const logs = fill(logsType)
  const encode = (type: protobuf.Type, filled: Filled) =>
    contentType === json ? JSON.stringify(filled.json) : encodeWire(type, filled)
  const headers = { 'content-type': contentType }
  await post(collector, encode(tracesType, spans), headers, '/v1/traces')
  await post(collector, encode(logsType, logs), headers, '/v1/logs')

  const trace = await ask(collector, `/api/traces/${traceIdOf(1)}`)
  expect(trace).toEqual({
    traceId: traceIdOf(1),
    isDurationTrusted: true,
    ...spans.json,
    ...logs.json,
  })
  // What the OpenAPI document says has every field too.
  v.parse(traceJsonSchema, trace)
})

test('every field of a log record without a trace is read back by its id', async () => {
  await using collector = await startTestCollector()
  const record = fill(logsType, new Set(['traceId']))
  await post(collector, JSON.stringify(record.json), {}, '/v1/logs')

  const { logs } = await ask<{ logs: { id: string }[] }>(collector, '/api/logs')
  expect(await ask(collector, `/api/logs/${logs[0]?.id}`)).toEqual(record.json)
  expect((await fetch(`${collector.url}/api/logs/1-1`)).status).toBe(404)
  expect((await fetch(`${collector.url}/api/logs/x`)).status).toBe(400)
})

/** References into a dictionary that only profiles have. */
const ofProfiles: ReadonlySet<string> = new Set(['keyStrindex', 'stringValueStrindex'])

function encodeWire(type: protobuf.Type, { wire }: Filled): Uint8Array<ArrayBuffer> {
  return new Uint8Array(type.encode(type.fromObject(wire)).finish())
}

function fill(type: protobuf.Type, without: ReadonlySet<string> = new Set()): Filled {
  const filled: Filled = { wire: {}, json: {} }
  for (const field of type.fieldsArray) {
    if (without.has(field.name) || ofProfiles.has(field.name)) continue
    const one = fillField(field.resolve(), without)
    filled.wire[field.name] = field.repeated ? [one.wire] : one.wire
    filled.json[field.name] = field.repeated ? [one.json] : one.json
  }
  return filled
}

type One = { readonly wire: unknown; readonly json: unknown }

function fillField(field: protobuf.Field, without: ReadonlySet<string>): One {
  const { resolvedType } = field
  if (resolvedType instanceof protobuf.Type) {
    return resolvedType.name === 'AnyValue' ? fillValue(resolvedType) : fill(resolvedType, without)
  }
  switch (field.type) {
    case 'string':
      return both(field.name)
    case 'bytes':
      return fillBytes(field.name)
    case 'fixed64':
      return both(`176722560000000000${field.id % 10}`)
    case 'int64':
      return both('9007199254740993')
    case 'double':
      return both(0.5)
    case 'bool':
      return both(true)
    default:
      return both(field.id + 1)
  }
}

/** Of a value's kinds only one can be set, so it is a list of all. */
function fillValue(type: protobuf.Type): One {
  const kinds = type.fieldsArray.filter(({ name }) => !ofProfiles.has(name))
  const values = kinds.map((kind) => {
    const { name } = kind
    if (name === 'arrayValue') return both({ [name]: { values: [{}] } })
    if (name === 'kvlistValue') {
      return both({ [name]: { values: [{ key: 'key', value: { boolValue: true } }] } })
    }
    const one = fillField(kind.resolve(), new Set())
    return { wire: { [name]: one.wire }, json: { [name]: one.json } }
  })
  return {
    wire: { arrayValue: { values: values.map(({ wire }) => wire) } },
    json: { arrayValue: { values: values.map((value) => value.json) } },
  }
}

function both<T>(value: T): { readonly wire: T; readonly json: T } {
  return { wire: value, json: value }
}

function fillBytes(name: string): One {
  if (name === 'bytesValue') return { wire: Buffer.of(1, 2, 3), json: 'AQID' }
  const hex = name === 'traceId' ? traceIdOf(1) : 'abcdef0123456789'
  return { wire: Buffer.from(hex, 'hex'), json: hex }
}
