import type { Agreement, Element, Labels, Vector } from '../find-mismatches.ts'
import type { Scene } from '../scene.ts'

/** What a panel must say of what was driven, by the panel's title alone: no query is looked at here. */
export type ExpectedNumbers = {
  readonly agreement: Agreement
  readonly calculate: (facts: Facts) => Vector
}

/** Everything that was answered by what is chosen, and how, and over which windows rates are taken. */
export type Facts = Pick<Scene, 'requests' | 'spans'> & {
  /** Of a line. */
  readonly rateSeconds: number
  /** Of a number or a row: all of the time shown. */
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
