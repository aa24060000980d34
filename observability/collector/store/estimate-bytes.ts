import type { AnyValue, Attribute } from '../../otlp/model.ts'
import type { SourceContent } from './source-content.ts'

// The cost of an object in V8 on a 64-bit machine without pointer compression: a header of three words and a word per
// field. Rounded up, so that real bytes stay below a bound in estimated bytes; `benchmarks/collector.ts` measures how
// near they are.
const wordBytes = 8
const headerBytes = 3 * wordBytes
const bigintBytes = 24
/** A list's own object, and the header of its elements. */
const listBytes = headerBytes + 4 * wordBytes

/** Spans, without texts, attributes, events and links; with two times, and a place in their trace. */
export const spanBytes = headerBytes + 18 * wordBytes + 2 * bigintBytes
/** By which a log record is known again: 44 characters, and a place among those that are known. */
const fingerprintBytes = 128
/** Log records, without texts, attributes and body; with two times and the fingerprint. */
export const logRecordBytes = headerBytes + 14 * wordBytes + 2 * bigintBytes + fingerprintBytes
/** Events of a span, without name and attributes. */
export const eventBytes = headerBytes + 5 * wordBytes + bigintBytes
/** Links of a span, without their ids and attributes. */
export const linkBytes = headerBytes + 7 * wordBytes
const attributeBytes = headerBytes + 2 * wordBytes

/** A list and the places in it, without what stands in them. */
export function estimateListBytes(length: number): number {
  return length === 0 ? 0 : listBytes + length * wordBytes
}

/** An attribute with its value, without its key, which is nearly always shared. */
export function estimateAttributeBytes(value: AnyValue): number {
  return attributeBytes + estimateValueBytes(value)
}

/** One byte a character: text in other scripts takes two, and telemetry is mostly names. */
export function estimateTextBytes(text: string): number {
  return text.length === 0 ? 0 : 2 * wordBytes + ((text.length + 7) & ~7)
}

/** A value with everything in it; `null` and booleans take nothing beside their place. */
export function estimateValueBytes(value: AnyValue): number {
  if (typeof value === 'string') return estimateTextBytes(value)
  if (typeof value === 'bigint') return bigintBytes
  if (typeof value === 'number') return 2 * wordBytes
  if (value === null || typeof value === 'boolean') return 0
  if (value instanceof Uint8Array) return 20 * wordBytes + value.length
  if ('entries' in value) return headerBytes + estimateAttributesBytes(value.entries)
  let bytes = headerBytes + estimateListBytes(value.values.length)
  for (const item of value.values) bytes += estimateValueBytes(item)
  return bytes
}

/** A resource and a scope, with their attributes, entities and schema URLs. */
export function estimateSourceBytes({ resource, scope, ...urls }: SourceContent): number {
  let bytes = 8 * headerBytes
  bytes += estimateAttributesBytes(resource.attributes) + estimateAttributesBytes(scope.attributes)
  bytes += estimateTextBytes(scope.name) + estimateTextBytes(scope.version)
  for (const { schemaUrl, type, ...keys } of resource.entityRefs ?? []) {
    const texts = [schemaUrl, type, ...keys.idKeys, ...keys.descriptionKeys]
    bytes += 3 * headerBytes + estimateListBytes(texts.length)
    for (const text of texts) bytes += estimateTextBytes(text)
  }
  return bytes + estimateTextBytes(urls.resourceSchemaUrl) + estimateTextBytes(urls.scopeSchemaUrl)
}

function estimateAttributesBytes(attributes: readonly Attribute[]): number {
  let bytes = estimateListBytes(attributes.length)
  for (const { key, value } of attributes) {
    bytes += estimateTextBytes(key) + estimateAttributeBytes(value)
  }
  return bytes
}
