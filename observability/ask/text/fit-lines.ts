/**
 * Lines joined to a text of at most so many bytes; whole lines are left out at the end, and their number is said.
 *
 * @param hint What to do to see the rest, such as `narrow it by where`.
 */
export function fitLines(lines: readonly string[], bytesMax: number, hint: string): string {
  const text = lines.join('\n')
  if (Buffer.byteLength(text) <= bytesMax) return text
  const kept: string[] = []
  let left = bytesMax - lastLineBytesMax
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1
    if (left < 0) break
    kept.push(line)
  }
  return [...kept, `… and ${lines.length - kept.length} more lines: ${hint}`].join('\n')
}

const lastLineBytesMax = 160
