import { quoteValue } from './read-completion.ts'

/** What operations may be grouped by, beside any other attribute of the resource. */
export const groupings = [
  ['runtime', 'Runtime'],
  ['service.name', 'Service'],
  ['service.version', 'Version'],
  ['deployment.environment.name', 'Environment'],
] as const

/**
 * The condition of the query API that finds one group.
 *
 * @param by `runtime`, or the name of an attribute of the resource.
 */
export function groupCondition(by: string, group: string): Readonly<Record<string, string>> {
  if (group === '') return {}
  return by === 'runtime' ? { runtime: group } : { where: `${by}=${quoteValue(group)}` }
}
