import { describe, expect, test } from 'vitest'
import { parseTracesProtobuf } from '../decode-protobuf.ts'
import { anyValueDepthMax, elementsMax } from '../refusals/decode-limits.ts'
import { errorOf } from '../testing/json-requests.ts'
import {
  readData,
  readRecord,
  readSpan,
  readValue,
  withItem,
} from '../testing/protobuf-requests.ts'
import {
  bytesField,
  fixed32Field,
  fixed64Field,
  tag,
  varint,
  varintField,
} from '../testing/wire.ts'
import { groupDepthMax } from './wire-cursor.ts'

const span = 'resourceSpans[0].scopeSpans[0].spans[0]'

describe('a field of another type than the .proto says names its path and the byte', () => {
  test.each([
    [
      'an id of another length',
      bytesField(1, 'abc'),
      '.traceId: expected 16 bytes, got 3, at byte 11',
    ],
    [
      'a span id of another length',
      bytesField(2, Buffer.alloc(16, 1)),
      '.spanId: expected 8 bytes, got 16, at byte 24',
    ],
    [
      'a parent of another length',
      bytesField(4, 'abc'),
      '.parentSpanId: expected 8 bytes, got 3, at byte 11',
    ],
    ['text as a varint', varintField(5, 1), '.name: expected wire type 2, got 0, at byte 7'],
    ['an enum as text', bytesField(6, 'SERVER'), '.kind: expected wire type 0, got 2, at byte 7'],
    [
      'a time as a varint',
      varintField(7, 1),
      '.startTimeUnixNano: expected wire type 1, got 0, at byte 7',
    ],
    [
      'a message as a varint',
      varintField(15, 1),
      '.status: expected wire type 2, got 0, at byte 7',
    ],
    [
      'an element as a fixed32',
      fixed32Field(9, 1),
      '.attributes[0]: expected wire type 2, got 5, at byte 7',
    ],
    [
      'a count as text',
      bytesField(10, 'x'),
      '.droppedAttributesCount: expected wire type 0, got 2, at byte 7',
    ],
    ['flags as a varint', varintField(16, 1), '.flags: expected wire type 5, got 0, at byte 8'],
    [
      'a list as a fixed64',
      fixed64Field(11, 1n),
      '.events[0]: expected wire type 2, got 1, at byte 7',
    ],
  ])('%s', (_name, field, message) => {
    expect(errorOf(() => readSpan(field))).toBe(span + message)
  })

  test('in values', () => {
    const value = `${span}.attributes[0].value`

    expect(errorOf(() => readValue(varintField(1, 1)))).toContain(
      `${value}.stringValue: expected wire`,
    )
    expect(errorOf(() => readValue(bytesField(2)))).toContain(`${value}.boolValue: expected wire`)
    expect(errorOf(() => readValue(fixed64Field(3, 1n)))).toContain(
      `${value}.intValue: expected wire`,
    )
    expect(errorOf(() => readValue(varintField(4, 1)))).toContain(
      `${value}.doubleValue: expected wire`,
    )
    expect(errorOf(() => readValue(varintField(7, 1)))).toContain(
      `${value}.bytesValue: expected wire`,
    )
    expect(errorOf(() => readValue(bytesField(5, bytesField(1), varintField(1, 1))))).toContain(
      `${value}.arrayValue.values[1]: expected wire`,
    )
  })

  test('in log records and metrics', () => {
    expect(errorOf(() => readRecord(varintField(8, 1)))).toContain(
      'resourceLogs[0].scopeLogs[0].logRecords[0].flags: expected wire type 5, got 0',
    )
    expect(errorOf(() => readData(bytesField(9, bytesField(1, varintField(4, 1)))))).toContain(
      'resourceMetrics[0].scopeMetrics[0].metrics[0].histogram.dataPoints[0].count: expected wire type 1, got 0',
    )
    expect(errorOf(() => readData(bytesField(5, bytesField(1, fixed32Field(4, 1)))))).toContain(
      'gauge.dataPoints[0].asDouble: expected wire type 1, got 5',
    )
  })
})

describe('bytes that are not protobuf', () => {
  test.each([
    [
      'a length beyond the message',
      [tag(5, 2), varint(9), Buffer.from('short')],
      '.name: truncated: expected 9 bytes, got 5',
    ],
    [
      'a length beyond 32 bits',
      [tag(5, 2), varint(2n ** 32n)],
      '.name: expected a length of at most 32 bits',
    ],
    ['a negative length', [tag(5, 2), varint(-1n)], '.name: expected a length of at most 32 bits'],
    [
      'a time cut off',
      [tag(7, 1), Buffer.alloc(7)],
      '.startTimeUnixNano: truncated: expected 8 bytes, got 7',
    ],
    ['a varint cut off', [tag(6, 0), Uint8Array.of(0x80)], ': truncated: expected 1 bytes, got 0'],
    ['a tag cut off', [Uint8Array.of(0x80)], ': truncated: expected 1 bytes, got 0'],
    [
      'a varint of eleven bytes',
      [tag(6, 0), Buffer.alloc(10, 0x80), Uint8Array.of(1)],
      ': expected a varint of at most 64 bits',
    ],
    [
      'a varint of 65 bits',
      [tag(6, 0), Buffer.alloc(9, 0xff), Uint8Array.of(2)],
      ': expected a varint of at most 64 bits',
    ],
    ['field number 0', [tag(0, 0), varint(1)], ': expected the tag of a field'],
    ['wire type 6', [tag(99, 6)], ': expected the tag of a field'],
    ['wire type 7', [tag(99, 7)], ': expected the tag of a field'],
    ['a tag beyond 32 bits', [varint(2n ** 35n)], ': expected the tag of a field'],
    [
      'the end of a group that never began',
      [tag(99, 4)],
      ': expected a field, got the end of a group',
    ],
    ['the end of another group', [tag(99, 3), tag(98, 4)], ': expected the end of another group'],
    [
      'a group that never ends',
      [tag(99, 3), varintField(1, 1)],
      ': truncated: expected 1 bytes, got 0',
    ],
  ])('%s is refused', (_name, parts, message) => {
    expect(errorOf(() => readSpan(...parts))).toContain(span + message)
  })

  test('a length beyond its message is refused, even when the request goes on', () => {
    const spans = [
      bytesField(2, tag(5, 2), varint(5), 'shor'),
      bytesField(2, bytesField(5, 'next')),
    ]

    expect(errorOf(() => parseTracesProtobuf(bytesField(1, bytesField(2, ...spans))))).toContain(
      `${span}.name: truncated: expected 5 bytes, got 4`,
    )
  })

  test('JSON is refused', () => {
    expect(errorOf(() => parseTracesProtobuf(Buffer.from('{"resourceSpans":[]}')))).toMatch(
      /at byte \d+$/,
    )
  })
})

describe('bounds', () => {
  /** A value inside `depth - 1` lists, of both kinds in turn. */
  function nest(depth: number): Uint8Array {
    let value = varintField(3, 1)
    for (let level = 1; level < depth; level += 1) {
      value =
        level % 2 === 1
          ? bytesField(5, bytesField(1, value))
          : bytesField(6, bytesField(1, bytesField(2, value)))
    }
    return value
  }

  test('values may be nested up to the limit and no deeper', () => {
    const refusal = `expected values nested at most ${anyValueDepthMax} deep`

    expect(() => readValue(nest(anyValueDepthMax))).not.toThrow()
    expect(errorOf(() => readValue(nest(anyValueDepthMax + 1)))).toContain(refusal)
    expect(errorOf(() => readRecord(bytesField(5, nest(anyValueDepthMax + 1))))).toContain(refusal)
    expect(errorOf(() => readValue(nest(3000)))).toContain(refusal)
  })

  test('many values beside each other are not deep', () => {
    const attributes = Array.from({ length: 200 }, () => bytesField(9, bytesField(2, nest(3))))

    expect(readSpan(...attributes)?.attributes).toHaveLength(200)
  })

  test('groups may be nested up to the limit and no deeper', () => {
    const groups = (depth: number) =>
      Buffer.concat([Buffer.alloc(2 * depth, tag(99, 3)), Buffer.alloc(2 * depth, tag(99, 4))])

    expect(() => readSpan(groups(groupDepthMax))).not.toThrow()
    expect(errorOf(() => readSpan(groups(groupDepthMax + 1)))).toContain(
      `expected groups nested at most ${groupDepthMax} deep`,
    )
  })

  test('an attribute that is cut off behind a list names its place', () => {
    const attribute = bytesField(9, bytesField(1, 'k'))
    const cut = Buffer.concat([bytesField(5, 'cut'), attribute, attribute, tag(9, 2), varint(3)])
    for (let pass = 0; pass < 3; pass += 1) {
      expect(errorOf(() => readSpan(cut))).toContain(`${span}.attributes[2]: truncated`)
    }
  })

  test('more elements than a request can have are refused before they fill the memory', () => {
    const refusal = `expected at most ${elementsMax} elements in all repeated fields`
    const emptySpans = Buffer.alloc(2 * elementsMax, bytesField(2))

    expect(errorOf(() => parseTracesProtobuf(bytesField(1, bytesField(2, emptySpans))))).toContain(
      refusal,
    )
  })

  test('attributes that came before count as those that are new', () => {
    const attributes = Buffer.concat(Array.from({ length: 7 }, () => bytesField(9)))
    const item = bytesField(2, bytesField(5, 'counted'), attributes)
    const request = (count: number) =>
      bytesField(1, bytesField(2, Buffer.alloc(count * item.length, item)))
    // A span and seven attributes each, beside the two groups.
    const countMax = Math.floor((elementsMax - 2) / 8)

    expect(parseTracesProtobuf(request(countMax))[0]?.scopes[0]?.items).toHaveLength(countMax)
    expect(errorOf(() => parseTracesProtobuf(request(countMax + 1)))).toContain(
      `spans[${countMax}].attributes[5]: expected at most ${elementsMax} elements`,
    )
  })

  test('a list whose attributes stand apart is put together in linear time', () => {
    const part = Buffer.concat([bytesField(9), varintField(6, 2)])

    const attributes = readSpan(Buffer.alloc(part.length * 500_000, part))?.attributes

    expect(attributes).toHaveLength(500_000)
  })

  test('a message in a million parts is put together in linear time', () => {
    const part = bytesField(1, bytesField(1))

    const [group] = parseTracesProtobuf(bytesField(1, Buffer.alloc(part.length * 1_000_000, part)))

    expect(group?.resource.attributes).toHaveLength(1_000_000)
  })

  test('a resource of a million entities is put together in linear time', () => {
    const entity = bytesField(3)

    const [group] = parseTracesProtobuf(
      bytesField(1, bytesField(1, Buffer.alloc(entity.length * 1_000_000, entity))),
    )

    expect(group?.resource.entityRefs).toHaveLength(1_000_000)
  })

  test('a value in a hundred thousand parts is put together in linear time', () => {
    const part = bytesField(5, bytesField(1))

    expect(readValue(Buffer.alloc(part.length * 100_000, part))).toMatchObject({
      values: { length: 100_000 },
    })
  })

  test('the place of an error far into a request is named', () => {
    const request = Buffer.concat([withItem(), withItem(bytesField(5, 'ok'), varintField(5, 1))])

    expect(errorOf(() => parseTracesProtobuf(request))).toContain(
      'resourceSpans[1].scopeSpans[0].spans[0].name',
    )
  })
})
