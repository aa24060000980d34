/** Shorter texts are too often one letter apart by chance. */
const charsMin = 5

/** The one of some texts that a text was surely meant to be: but for case, separators, or one letter. */
export function findNearMiss(text: string, candidates: Iterable<string>): string | undefined {
  const plain = simplify(text)
  let near: string | undefined
  for (const candidate of candidates) {
    if (candidate === text) continue
    const other = simplify(candidate)
    if (other === plain) return candidate
    if (plain.length >= charsMin && isOneEditAway(plain, other)) near ??= candidate
  }
  return near
}

function simplify(text: string): string {
  return text.toLowerCase().replace(/[._\-\s]/g, '')
}

/** One letter more, less, or another; or two that changed places. */
function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  const [restA, restB] = [a.slice(start), b.slice(start)]
  if (restA.slice(1) === restB.slice(1)) return true
  if (restA.slice(1) === restB || restA === restB.slice(1)) return true
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
}
