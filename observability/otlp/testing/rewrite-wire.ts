import protobuf from 'protobufjs'

/**
 * The same message written in another of the ways that protobuf allows: fields
 * shuffled, earlier values that a later one overrules, messages in several parts,
 * packed numbers unpacked or in two runs, long varints, unknown fields in between.
 *
 * @param random Gives numbers in [0, 1).
 */
export function rewriteWire(
  type: protobuf.Type,
  bytes: Uint8Array,
  random: () => number,
): Uint8Array {
  const maybe = () => random() < 0.3
  const fields: Field[] = readFields(type, bytes).flatMap((field) => {
    const { wireType, value, schema } = field
    if (schema === undefined) return [field]
    const type = schema.resolvedType
    if (type instanceof protobuf.Type) {
      const parts = schema.repeated || !maybe() ? [value] : halve(type, value)
      return parts.map((part) => ({ ...field, value: rewriteWire(type, part, random) }))
    }
    if (schema.repeated) return schema.type !== 'string' && maybe() ? unpack(field) : [field]
    if (maybe()) return [{ ...field, value: zeroOf(wireType) }, field]
    return [field]
  })
  const unknown: Field[] = Array.from({ length: maybe() ? 3 : 0 }, () => unknownField(random))
  return Buffer.concat(shuffle([...fields, ...unknown], random).map((f) => writeField(f, maybe())))
}

/** `value` is what follows the tag, without the length where there is one. */
type Field = {
  readonly number: number
  readonly wireType: number
  readonly value: Uint8Array
  readonly schema?: protobuf.Field | undefined
}

function readFields(type: protobuf.Type, bytes: Uint8Array): Field[] {
  const reader = protobuf.Reader.create(bytes)
  const fields: Field[] = []
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    const wireType = tag & 7
    const start = reader.pos
    if (wireType !== 2) reader.skipType(wireType)
    const value = wireType === 2 ? reader.bytes() : bytes.slice(start, reader.pos)
    fields.push({
      number: tag >>> 3,
      wireType,
      value,
      schema: type.fieldsById[tag >>> 3]?.resolve(),
    })
  }
  return fields
}

/** Two messages that, merged, are the one. */
function halve(type: protobuf.Type, bytes: Uint8Array): Uint8Array[] {
  const fields = readFields(type, bytes)
  const middle = fields.length >>> 1
  return [fields.slice(0, middle), fields.slice(middle)].map((half) =>
    Buffer.concat(half.map((field) => writeField(field, false))),
  )
}

/** Every element of a packed field on its own but for the last two, which stay packed. */
function unpack(field: Field): Field[] {
  const elements: Field[] = []
  const wireType = field.schema?.type === 'uint64' ? 0 : 1
  const reader = protobuf.Reader.create(field.value)
  while (reader.pos < reader.len) {
    const start = reader.pos
    reader.skipType(wireType)
    elements.push({ ...field, wireType, value: field.value.slice(start, reader.pos) })
  }
  const run = elements.splice(-2).map((element) => element.value)
  return [...elements, { ...field, value: Buffer.concat(run) }]
}

function zeroOf(wireType: number): Uint8Array {
  return new Uint8Array([1, 8, 0, 0, 0, 4][wireType] ?? 0)
}

function unknownField(random: () => number): Field {
  const number = 500 + Math.floor(random() * 500)
  const group = Buffer.concat([writeVarint((number << 3) | 4)])
  const nested = Buffer.concat([writeField({ number: 1, wireType: 5, value: zeroOf(5) }), group])
  const fields: Field[] = [
    {
      number,
      wireType: 0,
      value: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
    },
    { number, wireType: 1, value: zeroOf(1) },
    { number, wireType: 2, value: Buffer.from('unknown') },
    { number, wireType: 3, value: nested },
    { number, wireType: 5, value: zeroOf(5) },
  ]
  return fields[Math.floor(random() * fields.length)] ?? { number, wireType: 2, value: nested }
}

/** Any order in which the occurrences of one field keep theirs. */
function shuffle(fields: readonly Field[], random: () => number): Field[] {
  const rest = [...fields]
  const shuffled: Field[] = []
  while (rest.length > 0) {
    const { number } = rest[Math.floor(random() * rest.length)] ?? { number: 0 }
    shuffled.push(
      ...rest.splice(
        rest.findIndex((field) => field.number === number),
        1,
      ),
    )
  }
  return shuffled
}

function writeField({ number, wireType, value }: Field, long = false): Uint8Array {
  const tag = writeVarint((number << 3) | wireType)
  if (wireType !== 2) return Buffer.concat([tag, value])
  return Buffer.concat([
    tag,
    long ? padVarint(writeVarint(value.length)) : writeVarint(value.length),
    value,
  ])
}

function writeVarint(value: number): Uint8Array {
  return protobuf.Writer.create().uint32(value).finish()
}

/** The same number with leading zeros, in ten bytes. */
function padVarint(varint: Uint8Array): Uint8Array {
  const padded = new Uint8Array(10)
  padded.set(varint)
  return padded.map((byte, index) => (index < 9 ? byte | 0x80 : 0))
}
