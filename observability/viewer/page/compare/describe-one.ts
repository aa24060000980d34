/** Why an operation that one group alone has cannot be compared, and what to do. */
export function describeOne(operation: string, name: string): string {
  const who = name === '' ? 'Nothing that says what this groups by' : `Only ${name}`
  return `${who} has ${operation || 'it'}: send it to another one as well, group by something else, or select two traces in the list.`
}
