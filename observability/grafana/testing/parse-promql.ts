/** What a query reads and how it groups. */
export type ParsedQuery = {
  readonly selectors: readonly Selector[]
  /** Labels of all `by (…)`. */
  readonly groupedBy: readonly string[]
  readonly functions: readonly string[]
}

export type Selector = {
  readonly series: string
  readonly matchers: readonly { readonly label: string; readonly value: string }[]
  /** As it stands between the brackets. */
  readonly range: string | undefined
}

/**
 * Reads the part of PromQL that the dashboards use, after its grammar: binary operators by precedence, `sum by`,
 * functions, selectors with a range, numbers. Whoever needs more of the language here teaches it; Prometheus itself
 * is asked by `npm run test:lgtm`.
 *
 * @throws Error that says what was expected where.
 */
export function parsePromql(query: string): ParsedQuery {
  const tokens = tokenize(query)
  const selectors: Selector[] = []
  const groupedBy: string[] = []
  const functions: string[] = []
  let at = 0
  const peek = () => tokens[at] ?? ''
  const take = (what: string, pattern: RegExp) => {
    const token = peek()
    if (!pattern.test(token)) {
      throw new Error(`${query}: expected ${what} as token ${at}, got ${JSON.stringify(token)}`)
    }
    at += 1
    return token
  }

  const levels: readonly RegExp[] = [/^or$/, /^(>|>=)$/, /^[*/]$/]
  function binary(level: number): void {
    const operator = levels[level]
    const next = () => (operator === undefined ? operand() : binary(level + 1))
    next()
    while (operator?.test(peek())) {
      at += 1
      next()
    }
  }

  function operand(): void {
    if (/^\d/.test(peek())) at += 1
    else if (peek() === '(') parenthesized()
    else if (peek() === 'sum') aggregate()
    else if (tokens[at + 1] === '(') call()
    else selector()
  }

  function parenthesized(): void {
    take('(', /^\($/)
    binary(0)
    take(')', /^\)$/)
  }

  function aggregate(): void {
    at += 1
    if (peek() === 'by') {
      at += 1
      list('(', ')', () => groupedBy.push(take('a label', /^[a-z_]+$/)))
    }
    parenthesized()
  }

  function call(): void {
    functions.push(take('a function', /^(rate|increase|histogram_quantile)$/))
    list('(', ')', () => binary(0))
  }

  function selector(): void {
    const series = take('a series', /^[a-z_]+$/)
    const matchers: { label: string; value: string }[] = []
    list('{', '}', () => {
      const label = take('a label', /^[a-z_]+$/)
      take('a matcher', /^(=|!=|=~)$/)
      matchers.push({ label, value: take('a text', /^"/).slice(1, -1) })
    })
    let range: string | undefined
    if (peek() === '[') {
      at += 1
      range = take('a range', /^(\$__rate_interval|\$__range|\d+[smh])$/)
      take(']', /^\]$/)
    }
    selectors.push({ series, matchers, range })
  }

  function list(open: string, close: string, item: () => void): void {
    take(open, new RegExp(`^\\${open}$`))
    for (item(); peek() === ','; item()) at += 1
    take(close, new RegExp(`^\\${close}$`))
  }

  binary(0)
  if (at < tokens.length) throw new Error(`${query}: expected its end, got ${peek()}`)
  return { selectors, groupedBy, functions }
}

function tokenize(query: string): readonly string[] {
  const pattern = /\s*("[^"\\]*"|\$?[A-Za-z_]+|\d+[smh]\b|\d+(?:\.\d+)?|=~|!=|>=|[(){}[\],=>*/])/y
  const tokens: string[] = []
  while (pattern.lastIndex < query.trimEnd().length) {
    const from = pattern.lastIndex
    const match = pattern.exec(query)
    if (match?.[1] === undefined)
      throw new Error(`${query}: unexpected ${query.slice(from, from + 12)}`)
    tokens.push(match[1])
  }
  return tokens
}
