import type { Attribute } from '../../../otlp/model.ts'
import { readAttribute } from '../../../otlp/model.ts'
import type { RawPart } from '../series/series-index.ts'
import type { Dimension } from '../span-metrics-config.ts'

/** Past this position, or this length of a key, nothing is remembered and every key looked up. */
const rememberedMax = 64
const rememberedCharsMax = 128

/**
 * Reads the dimensions of one span after another into the same list.
 *
 * A value is looked for on the span, then on the resource, then in the configuration; the first
 * attribute of a key counts. That order is the connector's.
 *
 * Spans of one kind mostly carry the same keys in the same order. So which dimension stood at which
 * position last time is remembered per kind, and a warm read compares one key per attribute instead
 * of looking each up.
 */
export type DimensionReader = {
  /** Notes what a span of this resource has when it lacks a dimension; until the next resource. */
  readResource(attributes: readonly Attribute[]): void
  /** Writes one value per dimension into `target`, from `offset`. */
  readSpan(attributes: readonly Attribute[], kind: number, target: RawPart[], offset: number): void
}

type Remembered = { readonly keys: string[]; readonly dimensions: number[] }

/** @param dimensions In the order in which their values are written. */
export function createDimensionReader(dimensions: readonly Dimension[]): DimensionReader {
  const indexByName = new Map(dimensions.map((dimension, index) => [dimension.name, index]))
  const rememberedByKind: readonly Remembered[] = Array.from({ length: 8 }, () => ({
    keys: new Array<string>(rememberedMax).fill(''),
    dimensions: new Array<number>(rememberedMax).fill(-1),
  }))

  const fallback = new Array<RawPart>(dimensions.length).fill(undefined)

  function findDimension(remembered: Remembered, position: number, key: string): number {
    const dimension = indexByName.get(key) ?? -1
    if (position < rememberedMax && key.length <= rememberedCharsMax) {
      remembered.keys[position] = key
      remembered.dimensions[position] = dimension
    }
    return dimension
  }

  return {
    readResource(attributes) {
      dimensions.forEach(({ name, default: preset }, index) => {
        const value = readAttribute(attributes, name)
        fallback[index] = value === undefined ? (preset ?? undefined) : value
      })
    },

    readSpan(attributes, kind, target, offset) {
      for (let index = 0; index < fallback.length; index++) target[offset + index] = fallback[index]
      const remembered = rememberedByKind[kind & 7]
      if (remembered === undefined) return
      // From the last to the first, so that of two attributes of one key the first one stays.
      for (let position = attributes.length - 1; position >= 0; position--) {
        const attribute = attributes[position]
        if (attribute === undefined) continue
        const dimension =
          remembered.keys[position] === attribute.key
            ? (remembered.dimensions[position] ?? -1)
            : findDimension(remembered, position, attribute.key)
        if (dimension >= 0) target[offset + dimension] = attribute.value
      }
    },
  }
}
