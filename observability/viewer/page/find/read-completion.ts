/** What may be completed in a query at the place where somebody types. */
export type Completion = {
  /** The attribute whose values are wanted; `null` while its name is typed. */
  readonly name: string | null
  /** What is there of it. */
  readonly text: string
  /** The characters that a suggestion takes the place of. */
  readonly from: number
  readonly to: number
}

/** @param caret The place, counted in characters. */
export function readCompletion(query: string, caret: number): Completion {
  const from = findConditionStart(query.slice(0, caret))
  const [ends = ''] = /^[^\s"]*/.exec(query.slice(caret)) ?? []
  const to = caret + ends.length
  const typed = query.slice(from, caret)
  const [before, name] = /^([\w.\-/]+)(?:!=|=)/.exec(typed) ?? []
  if (before === undefined || name === undefined) return { name: null, text: typed, from, to }
  const text = typed.slice(before.length).replace(/^"/, '').replace(/\\(.)/g, '$1')
  return { name, text, from: from + before.length, to }
}

/** Behind the last space that is not between quotes. */
function findConditionStart(text: string): number {
  let start = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (isQuoted && char === '\\') at += 1
    else if (char === '"') isQuoted = !isQuoted
    else if (!isQuoted && /\s/.test(char ?? '')) start = at + 1
  }
  return start
}

/** The query with the suggestion in place, and where the caret goes: on to the value, or to the next condition. */
export function complete(
  query: string,
  { name, from, to }: Completion,
  suggestion: string,
): { readonly query: string; readonly caret: number } {
  const text = name === null ? `${suggestion}=` : `${quoteValue(suggestion)} `
  const rest = query.slice(to).trimStart()
  const after = name === null && rest !== '' ? ` ${rest}` : rest
  return { query: query.slice(0, from) + text + after, caret: from + text.length }
}

/** A value as the query needs it: in quotes if it would end early. */
export function quoteValue(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
