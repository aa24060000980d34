import type { InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { WireWriter } from './wire-writer.ts'
import { encode, writeAttributes, writeText } from './write-span.ts'

/** What stands before all spans or records of one resource and one scope. */
export type Head = {
  /** How much it takes at most, with the lengths in it, which depend on what follows. */
  readonly lengthMax: number
  /** Writes it so that it ends at `start`, before the bytes from there to `end`, and says where it begins. */
  write(bytes: Uint8Array, start: number, end: number): number
}

/** A tag and a length. */
const prefixMax = 6

/** Encodes what is the same of many spans or records: a resource, and a scope, whose name is empty if nobody gave one. */
export function encodeHead(resource: Resource, scope: InstrumentationScope): Head {
  const outer = encodePart(
    (writer) => writeAttributes(writer, 1, resource.attributes),
    resource.schemaUrl,
  )
  const inner = encodePart((writer) => {
    writeText(writer, 1, scope.name)
    if (scope.version !== undefined) writeText(writer, 2, scope.version)
  }, scope.schemaUrl)
  return {
    lengthMax: outer.length + inner.length + 2 * prefixMax,
    write(bytes, start, end) {
      const within = prepend(bytes, start, end, 2, inner)
      return prepend(bytes, within, end, 1, outer)
    },
  }
}

/** A resource or a scope, and its schema, as the first fields of what holds them. */
function encodePart(write: (writer: WireWriter) => void, schemaUrl: string | undefined) {
  return encode((writer) => {
    const begun = writer.begin(1)
    write(writer)
    writer.finish(begun)
    if (schemaUrl) writeText(writer, 3, schemaUrl)
  })
}

/** Makes the bytes from `start` to `end` the last fields of one that has others before them, and says where it begins. */
function prepend(
  bytes: Uint8Array,
  start: number,
  end: number,
  field: number,
  others: Uint8Array,
): number {
  const othersStart = start - others.length
  const prefix = encode((writer) => {
    writer.tag(field, 'length')
    writer.varint(end - othersStart)
  })
  bytes.set(others, othersStart)
  bytes.set(prefix, othersStart - prefix.length)
  return othersStart - prefix.length
}

/** What a span or a record was observed by. */
export type Observed = {
  readonly resource: Resource
  readonly instrumentationScope: InstrumentationScope
}

/** Encodes each head once. */
export function createHeads(): (observed: Observed) => Head {
  const heads = new WeakMap<InstrumentationScope, { resource: Resource; head: Head }>()
  return ({ resource, instrumentationScope }) => {
    const known = heads.get(instrumentationScope)
    if (known?.resource === resource) return known.head
    const head = encodeHead(resource, instrumentationScope)
    heads.set(instrumentationScope, { resource, head })
    return head
  }
}
