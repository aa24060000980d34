import type { Agreement, Element, Labels, Vector } from '../find-mismatches.ts'
import type { Scene } from '../scene.ts'

/** A panel's expected numbers for the sent requests, derived from its title alone, not from its query. */
export type ExpectedNumbers = {
  readonly agreement: Agreement
  readonly calculate: (facts: Facts) => Vector
}

/** The requests and spans of the dashboard's choice, and the windows over which rates are taken. */
export type Facts = Pick<Scene, 'requests' | 'spans'> & {
  /** Window of a line. */
  readonly rateSeconds: number
  /** Window of a number or a row: all of the time shown. */
  readonly rangeSeconds: number
}

/** A value for each group of items that have the same labels; labels that are `undefined` are absent. */
export function group<T>(
  items: readonly T[],
  by: (item: T) => Readonly<Record<string, string | undefined>>,
  calculate: (items: readonly T[]) => Omit<Element, 'labels'>,
): Vector {
  const groups = Map.groupBy(items, (item) => JSON.stringify(by(item)))
  return [...groups].map(([key, own]) => {
    const labels: Labels = JSON.parse(key)
    return { labels, ...calculate(own) }
  })
}
