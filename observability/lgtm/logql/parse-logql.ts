import type { Matcher } from '../promql/parse-promql.ts'

/** The questions to Loki that the tests can answer themselves. */
export type LogQuery = {
  /** Of streams and of structured metadata. */
  readonly matchers: readonly Matcher[]
  /** Labels that records are counted by; `undefined` where the records themselves are wanted. */
  readonly countBy: readonly string[] | undefined
}

const countPattern = /^sum by \(([\w, ]+)\) \(count_over_time\((.*) \[\d+ms\]\)\)$/s
const matcherPattern = /\s*([a-z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*/y

/**
 * Reads a selector with filters on labels, or a count of what it finds.
 *
 * @throws Error when it is anything else: then this has to learn it.
 */
export function parseLogql(query: string): LogQuery {
  const count = countPattern.exec(query)
  return {
    matchers: parseSelector(count?.[2] ?? query),
    countBy: count?.[1]?.split(',').map((name) => name.trim()),
  }
}

function parseSelector(text: string): readonly Matcher[] {
  const matchers: Matcher[] = []
  let at = 0
  const take = (expected: string) => {
    if (text[at] !== expected) return false
    at += 1
    return true
  }
  const takeMatcher = () => {
    matcherPattern.lastIndex = at
    const [, name, type, value] = matcherPattern.exec(text) ?? []
    if (name === undefined || value === undefined || !isType(type))
      throw new Error(`${text}: expected a filter such as label="value" at ${at}`)
    matchers.push({ name, type, value: value.replaceAll(/\\(.)/g, '$1') })
    at = matcherPattern.lastIndex
  }

  if (!take('{')) throw new Error(`${text}: expected a stream selector`)
  do takeMatcher()
  while (take(','))
  if (!take('}')) throw new Error(`${text}: expected the end of the selector at ${at}`)
  at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0
  while (take('|')) takeMatcher()
  if (at < text.length) throw new Error(`${text}: expected filters on labels at ${at}`)
  return matchers
}

function isType(text: string | undefined): text is Matcher['type'] {
  return text === '=' || text === '!=' || text === '=~' || text === '!~'
}
