/** How many colours of names there are in `styles/tokens.css`. */
const colorsMax = 8

/** Names that keep their colour as long as the page is open; those that come later may share one. */
const kept = new Map<string, number>()
const keptMax = 256

/**
 * The colour of a runtime, a service or another group: the same on every view.
 *
 * @param others Names that are known by now, so that no two of them have one colour as long as there are enough.
 */
export function colorOf(name: string, others: readonly string[]): number {
  const known = kept.get(name)
  if (known !== undefined) return known
  const colors = assignColors([...others, name], kept)
  for (const [one, color] of colors) if (kept.size < keptMax) kept.set(one, color)
  return colors.get(name) ?? 0
}

/**
 * A colour for each name, by its number in the style sheet: unless names collide, independent of the other names.
 *
 * @param given Names that have a colour already.
 */
export function assignColors(
  names: readonly string[],
  given: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<string, number> {
  const taken = new Set(given.values())
  const colors = new Map<string, number>()
  // Names of unknown runtimes come last, so that they do not take a known runtime's colour.
  const sorted = [...new Set(names)].sort()
  const inOrder = [...sorted].sort((a, b) => Number(known.has(b)) - Number(known.has(a)))
  for (const name of inOrder) {
    const color =
      given.get(name) ?? listWishes(name).find((wish) => !taken.has(wish)) ?? hash(name) % colorsMax
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

/** All colours, the best first: those of known runtimes are the last that another name takes. */
function listWishes(name: string): readonly number[] {
  const own = known.get(name)
  const all = Array.from({ length: colorsMax }, (_, n) => (hash(name) + n) % colorsMax)
  const free = all.filter((color) => color >= known.size)
  return [...(own === undefined ? [] : [own]), ...free, ...all]
}

function hash(name: string): number {
  let sum = 0
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521
  return sum
}
