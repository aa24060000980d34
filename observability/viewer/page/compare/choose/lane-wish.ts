import { type Attribute, readAttribute } from '../../../../otlp/model.ts'
import { readRuntimeName } from '../../../../otlp/shared/read-runtime-name.ts'
import { groupCondition } from '../../find/group-condition.ts'

/** One of those that an operation is compared across: a runtime, a run, or all of one value of an attribute. */
export type LaneWish = {
  readonly name: string
  /** What the query API is asked for. */
  readonly conditions: Readonly<Record<string, string>>
  /** Whether a server span's resource belongs to it. */
  readonly has: (resource: readonly Attribute[]) => boolean
}

/** @param by `runtime`, or the name of an attribute of the resource. */
export function createLaneWish(by: string, value: string): LaneWish {
  return {
    name: value,
    conditions: groupCondition(by, value),
    has: (resource) => {
      if (by === 'runtime') return readRuntimeName(resource) === value
      const own = readAttribute(resource, by)
      return own !== undefined && own !== null && String(own) === value
    },
  }
}

export function createRunWish(run: string): LaneWish {
  return { name: run, conditions: { run }, has: () => true }
}
