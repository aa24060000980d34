/**
 * The text with everything that a terminal would obey rather than show written as `\u{…}`. For whatever others wrote,
 * which must not move the cursor or add a line that looks like ours.
 */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
  )
}

/** The same for text of several lines, such as a stack: its line breaks stay. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n')
}
