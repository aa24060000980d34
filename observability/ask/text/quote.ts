/** What a terminal obeys, what changes the order of letters, and what nobody sees. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]|[\u{E0100}-\u{E01EF}]/gu

const charsDefault = 120

/**
 * A text of telemetry inside quotes, which it cannot leave: JSON's escapes, and one for all that is not seen.
 *
 * Anybody who sends telemetry writes such texts, and whoever reads an answer must see where they begin and end. A mark
 * behind the quotes says that the text goes on.
 */
export function quote(text: string, charsMax = charsDefault): string {
  const cut = text.length > charsMax ? text.slice(0, charsMax) : text
  const quoted = JSON.stringify(cut).replace(unseen, escapeMark)
  return cut === text ? quoted : `${quoted}…`
}

function escapeMark(mark: string): string {
  const digits = (mark.codePointAt(0) ?? 0).toString(16)
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`
}
