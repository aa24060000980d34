import { describe, expect, test } from 'vitest'
import { parseTracesProtobuf } from '../decode-protobuf.ts'
import {
  readData,
  readRecord,
  readSpan,
  readValue,
  withItem,
} from '../testing/protobuf-requests.ts'
import { bytesField, fixed32Field, fixed64Field, tag, varintField } from '../testing/wire.ts'

describe('what a sender may do', () => {
  test('no bytes at all are a request of no groups', () => {
    expect(parseTracesProtobuf(new Uint8Array())).toEqual([])
  })

  test('the resource may follow its spans', () => {
    const spans = bytesField(2, bytesField(2, bytesField(5, 'GET /')))
    const resource = bytesField(1, varintField(2, 7))

    const [group] = parseTracesProtobuf(bytesField(1, spans, resource))

    expect(group?.resource.droppedAttributesCount).toBe(7)
    expect(group?.scopes[0]?.items[0]?.name).toBe('GET /')
  })

  test('of a field that comes twice the last one wins', () => {
    expect(readSpan(bytesField(5, 'first'), bytesField(5, 'last'))?.name).toBe('last')
    expect(readSpan(varintField(6, 3), varintField(6, 2))?.kind).toBe(2)
    expect(readValue(bytesField(1, 'text'), varintField(3, 5))).toBe(5n)
    expect(readData(bytesField(5), bytesField(11))).toEqual({ type: 'summary', points: [] })
  })

  test('of a message that comes twice both parts count', () => {
    expect(
      readSpan(bytesField(15, varintField(3, 2)), bytesField(15, bytesField(2, 'why')))?.status,
    ).toEqual({ code: 2, message: 'why' })
    expect(
      readValue(bytesField(5, bytesField(1, varintField(3, 1))), bytesField(5, bytesField(1))),
    ).toEqual({ values: [1n, null] })
  })

  test('a list that follows a value of another kind starts afresh', () => {
    const list = bytesField(1, varintField(3, 1))

    expect(readValue(bytesField(7, 'bytes'), bytesField(5, list))).toEqual({ values: [1n] })
    expect(readValue(bytesField(6, bytesField(1)), bytesField(5, list))).toEqual({ values: [1n] })
    expect(readData(bytesField(5, bytesField(1)), bytesField(7))).toMatchObject({ points: [] })
  })

  test('unknown fields of any type are skipped, groups and what is in them too', () => {
    const inner = Buffer.concat([tag(201, 3), varintField(1, 1), tag(201, 4), bytesField(3, 'x')])
    const group = Buffer.concat([tag(200, 3), inner, fixed32Field(2, 1), tag(200, 4)])
    const unknown = [
      varintField(99, 1),
      fixed64Field(99, 1n),
      bytesField(99, 'x'),
      fixed32Field(99, 1),
    ]

    expect(readSpan(group, ...unknown, bytesField(5, 'a'), group)).toEqual(
      readSpan(bytesField(5, 'a')),
    )
  })

  test('an id may be empty, or of only zeros, which means the same', () => {
    expect(readSpan(bytesField(1), bytesField(4))).toEqual(readSpan())
    expect(readSpan(bytesField(1, Buffer.alloc(16)), bytesField(4, Buffer.alloc(8)))).toEqual(
      readSpan(),
    )
  })

  test('an attribute without a value, an empty value and one of the profiling signal are empty', () => {
    expect(readSpan(bytesField(9, bytesField(1, 'k')))?.attributes).toEqual([
      { key: 'k', value: null },
    ])
    expect(readValue()).toBeNull()
    expect(readValue(varintField(8, 4))).toBeNull()
  })

  test('__proto__ is a key like any other', () => {
    const attribute = bytesField(9, bytesField(1, '__proto__'), bytesField(2, bytesField(1, 'x')))

    expect(readSpan(attribute)?.attributes).toEqual([{ key: '__proto__', value: 'x' }])
  })
})

describe('attributes', () => {
  const attribute = (key: string, ...value: readonly Uint8Array[]) =>
    bytesField(9, bytesField(1, key), bytesField(2, ...value))

  test('those that differ in one byte, one type or one length are told apart, also the second time', () => {
    const fields = [
      attribute('key', bytesField(1, '200')),
      attribute('key', bytesField(1, '201')),
      attribute('key', bytesField(7, '200')),
      attribute('key', bytesField(1, '2000')),
      attribute('kez', bytesField(1, '200')),
    ]
    const expected = [
      { key: 'key', value: '200' },
      { key: 'key', value: '201' },
      { key: 'key', value: new Uint8Array(Buffer.from('200')) },
      { key: 'key', value: '2000' },
      { key: 'kez', value: '200' },
    ]

    expect(readSpan(...fields, ...fields)?.attributes).toEqual([...expected, ...expected])
    expect(readSpan(...fields)?.attributes).toEqual(expected)
  })

  test('far more than can be remembered are read as they were, and the next span has only its own', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `key-${index}`)
    const many = keys.map((key) => attribute(key, varintField(3, 1)))

    expect(readSpan(...many, ...many)?.attributes.map(({ key }) => key)).toEqual([...keys, ...keys])
    expect(readSpan(attribute('one'))?.attributes).toEqual([{ key: 'one', value: null }])
  })
})

describe('numbers', () => {
  test.each([0n, 1n, -1n, 2n ** 31n, -(2n ** 31n), 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)])(
    'the int %d keeps all digits',
    (int) => {
      expect(readValue(varintField(3, int))).toBe(int)
      expect(readData(bytesField(5, bytesField(1, fixed64Field(6, int))))).toMatchObject({
        points: [{ value: int }],
      })
    },
  )

  test.each([1544712660123456789n, 2n ** 53n + 1n, 2n ** 64n - 1n])(
    '%d nanoseconds keep all digits',
    (nanos) => {
      expect(readSpan(fixed64Field(7, nanos), fixed64Field(8, nanos))).toMatchObject({
        startNanos: nanos,
        endNanos: nanos,
      })
      expect(readRecord(fixed64Field(11, nanos))?.observedTimeNanos).toBe(nanos)
    },
  )

  test('a negative enum is ten bytes long and stays negative', () => {
    expect(readSpan(varintField(6, -3n))?.kind).toBe(-3)
  })

  test('a varint may be longer than it need be', () => {
    expect(readValue(tag(3, 0), Uint8Array.of(0x85, 0x80, 0x80, 0))).toBe(5n)
    expect(readValue(tag(2, 0), Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1))).toBe(true)
  })
})

describe('text and bytes', () => {
  test.each([
    '',
    'GET /api/v1/todos/:id',
    'é',
    '漢字',
    '🚀',
    'ends in 🚀',
    '\u0000',
    '\ufeffbom',
    'x'.repeat(64),
    'x'.repeat(65),
    'ü'.repeat(40),
  ])('%j is read as it was', (text) => {
    expect(readSpan(bytesField(5, text))?.name).toBe(text)
    expect(readSpan(bytesField(5, text))?.name).toBe(text)
  })

  test('strings of the same length are never taken for each other', () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => `key-${index + 10_000}`)

    for (const text of [...texts, ...texts.toReversed()]) {
      expect(readSpan(bytesField(5, text))?.name === text).toBe(true)
    }
  })

  test('a log record with ids of another length is one without', () => {
    const record = readRecord(bytesField(9, 'abc'), bytesField(10, 'abc'), bytesField(3, 'INFO'))

    expect(record).toMatchObject({ traceId: '', spanId: '', severityText: 'INFO' })
  })

  test('what is not UTF-8 is replaced, and the rest of the request is read', () => {
    const span = readSpan(bytesField(5, Uint8Array.of(0x61, 0xff, 0x62)), varintField(6, 2))

    expect(span).toMatchObject({ name: 'a\ufffdb', kind: 2 })
  })

  test('bytes that were read do not change with the buffer they came in', () => {
    const request = withItem(bytesField(9, bytesField(2, bytesField(7, Uint8Array.of(1, 2, 3)))))
    const value = parseTracesProtobuf(request)[0]?.scopes[0]?.items[0]?.attributes[0]?.value

    request.fill(0)

    expect(value).toEqual(Uint8Array.of(1, 2, 3))
    expect(value instanceof Uint8Array && value.buffer.byteLength).toBe(3)
  })

  test('a request may be a window on a larger buffer', () => {
    const request = withItem(bytesField(5, 'GET /'), fixed64Field(7, 1544712660123456789n))
    const larger = Buffer.concat([Buffer.alloc(3, 0xff), request, Buffer.alloc(3, 0xff)])

    expect(parseTracesProtobuf(larger.subarray(3, -3))).toEqual(parseTracesProtobuf(request))
  })

  test('spans keep their own trace ids when those of several traces alternate', () => {
    const ids = ['aa', 'bb', 'aa', 'ab', 'bb', 'bb'].map((pair) => pair.repeat(16))
    const spans = ids.map((id) => bytesField(2, bytesField(1, Buffer.from(id, 'hex'))))

    const [group] = parseTracesProtobuf(bytesField(1, bytesField(2, ...spans)))

    expect(group?.scopes[0]?.items.map((span) => span.traceId)).toEqual(ids)
  })
})

describe('attributes that came before', () => {
  const attribute = (key: string, value: string) =>
    bytesField(9, bytesField(1, key), bytesField(2, bytesField(1, value)))
  const listOf = (...fields: readonly Uint8Array[]) =>
    readSpan(bytesField(5, 'lists'), ...fields)?.attributes
  const read = (...values: readonly string[]) =>
    listOf(...values.map((value, index) => attribute(`key ${index}`, value)))
  const listed = (...values: readonly string[]) =>
    values.map((value, index) => ({ key: `key ${index}`, value }))

  test('are one list from the second time on, where all are the same', () => {
    read('a', 'b')
    const second = read('a', 'b')

    expect(second).toEqual(listed('a', 'b'))
    expect(read('a', 'b')).toBe(second)
  })

  test('are not mixed up with more, fewer, or others', () => {
    for (let pass = 0; pass < 3; pass += 1) {
      for (const values of [['a', 'b'], ['a'], ['a', 'b', 'c'], ['b', 'a'], ['a', 'c'], []]) {
        expect(read(...values)).toEqual(listed(...values))
      }
    }
  })

  test('are followed by those that stand apart', () => {
    for (let pass = 0; pass < 3; pass += 1) {
      expect(read('a', 'b')).toEqual(listed('a', 'b'))
      expect(
        listOf(
          attribute('key 0', 'a'),
          attribute('key 1', 'b'),
          varintField(6, 2),
          attribute('key 2', 'c'),
        ),
      ).toEqual(listed('a', 'b', 'c'))
    }
  })

  test('may be long, and their lengths and tags written at length', () => {
    const long = [200, 20_000].map((length) => 'x'.repeat(length))
    const inner = Buffer.concat([bytesField(1, 'key 1'), bytesField(2, bytesField(1, 'b'))])
    const length = Uint8Array.of(0x80 | inner.length, 0x80, 0)
    const tags = [tag(9, 2), Uint8Array.of(0xca, 0x80, 0)]
    for (let pass = 0; pass < 3; pass += 1) {
      expect(read('a', ...long, 'b')).toEqual(listed('a', ...long, 'b'))
      for (const written of tags) {
        const second = Buffer.concat([written, length, inner])
        expect(listOf(attribute('key 0', 'a'), second)).toEqual(listed('a', 'b'))
        expect(listOf(second, attribute('key 2', 'c'))?.map(({ key }) => key)).toEqual([
          'key 1',
          'key 2',
        ])
      }
    }
  })

  test('decide nothing about what is written otherwise, or wrongly', () => {
    const inner = Buffer.concat([bytesField(1, 'key 0'), bytesField(2, bytesField(1, 'a'))])
    const padded = (bytes: number) =>
      Buffer.concat([
        tag(9, 2),
        Uint8Array.of(0x80 | inner.length, ...Array(bytes - 2).fill(0x80), 0),
        inner,
      ])
    const big = 'x'.repeat(20_000)
    for (let pass = 0; pass < 4; pass += 1) {
      expect(read('a')).toEqual(listed('a'))
      for (const bytes of [2, 3, 4, 5]) expect(listOf(padded(bytes))).toEqual(listed('a'))
      expect(read(big)).toEqual(listed(big))
      expect(() => listOf(Uint8Array.of(0x4a, 50, 1, 2, 3))).toThrow('truncated')
      expect(() => listOf(Uint8Array.of(0x4a))).toThrow('truncated')
      for (const wireType of [0, 1, 5]) {
        const wrong = Buffer.concat([tag(9, wireType), attribute('key 0', 'a').subarray(1)])
        expect(() => listOf(wrong)).toThrow('expected wire type 2')
      }
    }
  })

  test('are found under whatever name stands before them', () => {
    const fields = [attribute('key 0', 'a'), attribute('key 1', 'b')]
    for (let pass = 0; pass < 3; pass += 1) {
      expect(readSpan(...fields)?.attributes).toEqual(listed('a', 'b'))
      expect(readSpan(...fields, bytesField(5, 'lists'))?.attributes).toEqual(listed('a', 'b'))
      expect(readSpan(bytesField(5, 'x'.repeat(600)), ...fields)?.attributes).toEqual(
        listed('a', 'b'),
      )
    }
  })
})

test('one id is one text, wherever it stands, and is not mixed up with its first half', () => {
  const half = Buffer.from('0102030405060708', 'hex')
  const [first, second] = [1, 2].map(() =>
    readSpan(
      bytesField(1, half, half),
      bytesField(2, half),
      bytesField(4, half),
      bytesField(13, bytesField(1, half, Buffer.alloc(8)), bytesField(2, Buffer.alloc(8))),
    ),
  )

  expect(first).toMatchObject({
    traceId: '01020304050607080102030405060708',
    spanId: '0102030405060708',
    parentSpanId: '0102030405060708',
    links: [{ traceId: '01020304050607080000000000000000', spanId: '' }],
  })
  expect(second).toEqual(first)
})
