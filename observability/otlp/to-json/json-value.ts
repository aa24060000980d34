/** What `JSON.stringify` writes; `undefined` leaves a field out. */
export type JsonValue =
  | string
  | number
  | boolean
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined }

// A field that has its default is left out, as in protobuf itself.

/** Leaves an empty text out. */
export function optionalText(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** Leaves a 0 out. */
export function optionalNumber(number: number): number | undefined {
  return number === 0 ? undefined : number
}

/** 64-bit integers are strings in the JSON mapping of protobuf. */
export function optionalBigInt(bigint: bigint): string | undefined {
  return bigint === 0n ? undefined : bigint.toString()
}

/** Leaves a 0 out, but not a −0, which protobuf writes too. */
export function optionalDouble(double: number): JsonValue | undefined {
  return Object.is(double, 0) ? undefined : renderDouble(double)
}

/** Absent is not 0 for a field that is `optional` in the .proto. */
export function nullableDouble(double: number | null): JsonValue | undefined {
  return double === null ? undefined : renderDouble(double)
}

/** JSON has no word for NaN and Infinity, and `JSON.stringify` none for -0. */
export function renderDouble(double: number): JsonValue {
  if (Object.is(double, -0)) return '-0'
  return Number.isFinite(double) ? double : String(double)
}

/** Leaves an empty list out. */
export function optionalList<T>(
  list: readonly T[],
  render: (element: T) => JsonValue,
): readonly JsonValue[] | undefined {
  return list.length === 0 ? undefined : list.map((element) => render(element))
}

/** A singular message without content is left out; the model cannot tell it from an absent one. */
export function optionalMessage(message: {
  readonly [name: string]: JsonValue | undefined
}): JsonValue | undefined {
  return Object.values(message).every((field) => field === undefined) ? undefined : message
}
