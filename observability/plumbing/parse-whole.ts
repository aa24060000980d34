/**
 * A whole number in decimal digits, as an argument or a variable has it.
 *
 * @throws Error that names the argument or variable and quotes at most 80 characters of its value.
 */
export function parseWhole(name: string, value: string, min: number, max: number): number {
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= min && number <= max) return number
  throw new Error(
    `${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(value.slice(0, 80))}`,
  )
}
