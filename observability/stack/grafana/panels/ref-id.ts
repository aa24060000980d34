/** The letter by which a panel's transformations and overrides name the query at this place. */
export function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}
