/**
 * Whether a text fits a pattern in which `*` stands for any characters, also for no character.
 *
 * A pattern without `*` fits only the same text, and every text fits itself as a pattern,
 * so that what the comparison prints can be copied into a list of known differences.
 * Case matters. Takes time proportional to the product of both lengths at worst: patterns
 * are written by people, texts come from anywhere, so there is no backtracking to exploit.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let starAt = -1
  let resumeAt = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      starAt = p
      resumeAt = t
      p += 1
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p += 1
      t += 1
    } else if (starAt >= 0) {
      // Only the last star needs to give way: an earlier one already fits the text before it.
      p = starAt + 1
      resumeAt += 1
      t = resumeAt
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
