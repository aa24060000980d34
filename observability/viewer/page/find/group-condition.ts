import { quoteValue } from './read-completion.ts'

/** What operations may be grouped by, beside any other attribute of the resource. */
export const groupings = [
  ['runtime', 'Runtime'],
  ['service.name', 'Service'],
  ['service.version', 'Version'],
  ['deployment.environment.name', 'Environment'],
] as const

/** What one group is, such as `Version`; of another attribute its name. */
export function nameGrouping(by: string): string {
  return groupings.find(([name]) => name === by)?.[1] ?? by
}

/**
 * The condition of the query API that finds one group.
 *
 * @param by `runtime`, or the name of an attribute of the resource.
 */
export function groupCondition(by: string, group: string): Readonly<Record<string, string>> {
  if (group === '') return {}
  return by === 'runtime' ? { runtime: group } : { where: `${by}=${quoteValue(group)}` }
}
