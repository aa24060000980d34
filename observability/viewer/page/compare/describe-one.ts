/**
 * Why an operation that one group alone has cannot be compared, and what to do.
 *
 * @param name Empty if no request has the attribute by which they are grouped.
 * @param areRuns Whether the groups are two runs.
 */
export function describeOne(operation: string, name: string, areRuns = false): string {
  const what = operation || '(no name)'
  if (areRuns) return `Only ${name} has ${what}: send it in the other run as well.`
  const why =
    name === '' ? `No request of ${what} says what this groups by` : `Only ${name} has ${what}`
  const first = name === '' ? '' : 'send it to another one as well, '
  return `${why}: ${first}group by something else, or select two traces in the list.`
}
