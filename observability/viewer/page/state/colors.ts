/** How many colours of runtimes there are in `styles/tokens.css`. */
const colorsMax = 8

/**
 * A colour for each name, by its number in the style sheet: the same on every view and, unless names collide,
 * independent of the other names.
 */
export function assignColors(names: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Set<number>()
  const colors = new Map<string, number>()
  // Names of unknown runtimes come last, so that they do not take a known runtime's colour.
  const sorted = [...new Set(names)].sort()
  const inOrder = [...sorted].sort((a, b) => Number(known.has(b)) - Number(known.has(a)))
  for (const name of inOrder) {
    let color = known.get(name) ?? hash(name) % colorsMax
    for (let tries = 0; taken.has(color) && tries < colorsMax; tries += 1) {
      color = (color + 1) % colorsMax
    }
    taken.add(color)
    colors.set(name, color)
  }
  return colors
}

/** Frequent values of `hono.runtime.name`, with colours that are easily told apart. */
const known: ReadonlyMap<string, number> = new Map([
  ['node', 0],
  ['workers', 1],
  ['deno', 2],
  ['bun', 3],
  ['lambda', 4],
])

function hash(name: string): number {
  let sum = 0
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521
  return sum
}
