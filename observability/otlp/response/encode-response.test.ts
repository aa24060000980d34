import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { encodeExportResponse, encodeStatus } from './encode-response.ts'

const schema = protobuf.parse(`
  syntax = "proto3";
  message Status { int32 code = 1; string message = 2; }
  message Response { Partial partial_success = 1; }
  message Partial { int64 rejected = 1; string error_message = 2; }
`).root

function decode(type: string, body: Uint8Array | string): unknown {
  expect(body).toBeInstanceOf(Uint8Array)
  if (typeof body === 'string') return undefined
  const message = schema.lookupType(type)
  return message.toObject(message.decode(body), { longs: String })
}

describe('a status', () => {
  test('is code and message in JSON', () => {
    expect(encodeStatus('json', 3, 'not "OTLP"')).toBe('{"code":3,"message":"not \\"OTLP\\""}')
  })

  test('is a google.rpc.Status in protobuf', () => {
    const message = `spans[0].name: expected a string – got ${'x'.repeat(300)}`

    expect(decode('Status', encodeStatus('protobuf', 3, message))).toEqual({ code: 3, message })
  })
})

describe('an export response', () => {
  test('is empty when everything was accepted', () => {
    expect(encodeExportResponse('traces', 'json')).toBe('{}')
    expect(encodeExportResponse('traces', 'protobuf')).toHaveLength(0)
  })

  test('without rejected items and message is the same as one that is not partial', () => {
    const partial = { rejected: 0, message: '' }

    expect(encodeExportResponse('logs', 'json', partial)).toBe('{}')
    expect(encodeExportResponse('logs', 'protobuf', partial)).toHaveLength(0)
  })

  test.each([
    ['traces', 'rejectedSpans'],
    ['metrics', 'rejectedDataPoints'],
    ['logs', 'rejectedLogRecords'],
  ] as const)('of %s counts %s, a 64-bit integer and so a string in JSON', (signal, name) => {
    const body = encodeExportResponse(signal, 'json', { rejected: 7, message: 'store is full' })

    expect(body).toBe(`{"partialSuccess":{"${name}":"7","errorMessage":"store is full"}}`)
  })

  test('of nothing rejected may carry a warning', () => {
    const body = encodeExportResponse('logs', 'json', { rejected: 0, message: 'slow down' })

    expect(body).toBe('{"partialSuccess":{"errorMessage":"slow down"}}')
  })

  test.each([1, 127, 128, 300, 2 ** 32, 2 ** 53 - 1])(
    'counts %d rejected in protobuf',
    (rejected) => {
      const body = encodeExportResponse('metrics', 'protobuf', { rejected, message: 'ü' })

      expect(decode('Response', body)).toEqual({
        partialSuccess: { rejected: String(rejected), errorMessage: 'ü' },
      })
    },
  )
})
