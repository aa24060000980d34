import type { Attribute } from '../../../otlp/model.ts'
import { readAttribute } from '../../../otlp/model.ts'
import { attributesIdentity, valueIdentity } from '../dimensions/attribute-text.ts'

/**
 * Tells which resources are one: those whose attributes of these names have equal values of equal
 * types, in whatever order; without names, those whose attributes are all equal.
 *
 * The connector hashes to 128 bits; here the text itself is the key, so nothing can collide.
 */
export function createResourceKeyReader(
  names: readonly string[],
): (attributes: readonly Attribute[]) => string {
  if (names.length === 0) return attributesIdentity
  return (attributes) => {
    let key = ''
    // In the order of the names, so the order on the wire does not matter and nothing is sorted.
    for (const name of names) {
      const value = readAttribute(attributes, name)
      key += value === undefined ? '-' : valueIdentity(value)
    }
    return key
  }
}
