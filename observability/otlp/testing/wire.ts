// Protobuf by hand, for messages that no encoder would write.

export function varint(value: bigint | number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return Uint8Array.of(...bytes, Number(rest))
}

export function tag(field: number, wireType: number): Uint8Array {
  return varint((field << 3) | wireType)
}

export function varintField(field: number, value: bigint | number): Uint8Array {
  return Buffer.concat([tag(field, 0), varint(value)])
}

export function fixed64Field(field: number, value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return Buffer.concat([tag(field, 1), bytes])
}

export function fixed32Field(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return Buffer.concat([tag(field, 5), bytes])
}

/** Text, bytes, or a message made of its fields. */
export function bytesField(field: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const bytes = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)),
  )
  return Buffer.concat([tag(field, 2), varint(bytes.length), bytes])
}
