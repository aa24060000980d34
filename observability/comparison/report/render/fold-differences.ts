import type { Report } from '../report-schema.ts'

type Place = {
  readonly operation: string
  readonly runtime: string
  readonly path: readonly string[]
}
type Found = Place & Pick<Report['differences'][number], 'kind' | 'subject' | 'line'>

/** Names of operations in a line; of more the first are named and the others counted. */
const namesMax = 3

/** @returns Lines of differences, each as `foldAlike` has it. */
export function foldDifferences(
  differences: readonly Found[],
  operations: number,
): readonly string[] {
  return foldAlike(differences, operations).map(({ line }) => line)
}

/**
 * Lines of differences, each with what it stands for, where one that several operations of a runtime share is a single line, such as
 * `all 8 operations, deno: top span: attribute network.protocol.version is missing: expected string "1.1"`.
 *
 * The first span is called so because its name is the operation's; `…` stands for it in a path.
 *
 * @param operations How many there are.
 */
export function foldAlike<T extends Found>(
  differences: readonly T[],
  operations: number,
): readonly { readonly line: string; readonly alike: readonly T[] }[] {
  const groups = Map.groupBy(differences, (one) =>
    JSON.stringify([one.runtime, one.kind, one.path.slice(1), one.path.length, shortenLine(one)]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const names = [...new Set(group.map(({ operation }) => operation))]
    if (first === undefined || names.length < 2)
      return group.map((one) => ({ line: one.line, alike: [one] }))
    const path = first.path.length > 1 ? `… > ${first.path.slice(1).join(' > ')}` : 'top span'
    const where = first.path.length === 0 ? '' : `${path}: `
    const line = `${nameAll(names, operations)}, ${first.runtime}: ${where}${shortenLine(first)}`
    return [{ line, alike: group }]
  })
}

/** Lines shown of one list, or of the differences of one runtime; how many more there are is said. */
export const differencesShownMax = 50

/** The differences that nobody declared, and the files in which somebody can; by runtime, each bounded. */
export function listOpenDifferences(
  { runtimes, differences, operations }: Report,
  shownMax = differencesShownMax,
): readonly string[] {
  const open = Map.groupBy(
    differences.filter(({ known }) => known === null),
    ({ runtime }) => runtime,
  )
  const files = new Set(
    runtimes.flatMap(({ name, declaredIn }) => (open.has(name) && declaredIn ? [declaredIn] : [])),
  )
  return [
    ...[...open.values()].flatMap((own) =>
      limitLines(foldDifferences(own, operations.length), shownMax),
    ),
    ...(files.size === 0
      ? []
      : [`one that is meant is declared, with its reason, in ${[...files].join(', ')}`]),
  ]
}

/** @param all How many there are, where `lines` has not all of them. */
export function limitLines(
  lines: readonly string[],
  shownMax = differencesShownMax,
  all = lines.length,
): readonly string[] {
  if (all <= shownMax) return lines
  return [...lines.slice(0, shownMax), `… and ${all - shownMax} more`]
}

/** A difference's line, without the parts that its position tells already. */
export function shortenLine({
  line,
  operation,
  runtime,
  path,
}: Place & { readonly line: string }): string {
  const where = path.length > 0 ? `: ${path.join(' > ')}` : ''
  const prefix = `${operation}, ${runtime}${where}: `
  return line.startsWith(prefix) ? line.slice(prefix.length) : line
}

function nameAll(names: readonly string[], operations: number): string {
  if (names.length === operations) return `all ${operations} operations`
  const more = names.length - namesMax
  if (more < 1) return names.join(', ')
  return `${names.slice(0, namesMax).join(', ')} and ${more} more`
}
