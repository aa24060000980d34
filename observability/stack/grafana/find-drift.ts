/** Texts by file name. */
export type Files = ReadonlyMap<string, string>

/**
 * Compares the files of a folder with the wanted ones; a few words for each difference.
 *
 * @param wanted The files that the folder should hold.
 * @param found The files that it holds.
 */
export function findDrift(wanted: Files, found: Files): readonly string[] {
  const problems: string[] = []
  for (const [name, text] of wanted) {
    const now = found.get(name)
    if (now === undefined) problems.push(`${name} is missing`)
    else if (now !== text)
      problems.push(`${name} differs from its source at line ${firstDifference(now, text)}`)
  }
  for (const name of found.keys()) {
    if (!wanted.has(name)) problems.push(`${name} belongs to no dashboard`)
  }
  return problems
}

/** Counted from 1. */
function firstDifference(one: string, other: string): number {
  const [lines, others] = [one.split('\n'), other.split('\n')]
  const index = lines.findIndex((line, at) => line !== others[at])
  return (index === -1 ? lines.length : index) + 1
}
