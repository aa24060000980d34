/** A configuration that cannot be used; its message is one sentence that says where, what and why. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** A position in a file; both counted from 1, as editors do. */
export type Position = { readonly line: number; readonly column: number }

/** An error whose message begins with `file:line:column`, so that an editor can jump there. */
export function createConfigError(fileName: string, at: Position, message: string): ConfigError {
  return new ConfigError(`${fileName}:${at.line}:${at.column}: ${message}`)
}

/** Longer values are cut in messages: a secret or a page of text pasted in place stays out of logs. */
const quotedCharsMax = 60

/** The value as it may stand in a message: on one line, and short. */
export function quoteValue(value: unknown): string {
  return shortenText(JSON.stringify(value) ?? 'nothing')
}

/** As `quoteValue`, of a text that is better read without quotes around it. */
export function shortenText(text: string, charsMax = quotedCharsMax): string {
  const line = text.replace(/\s+/g, ' ').toWellFormed()
  return line.length <= charsMax ? line : `${line.slice(0, charsMax).toWellFormed()}…`
}
