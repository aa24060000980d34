/** What a statement does and to which tables, as low-cardinality names. */
export type QuerySummary = {
  /** `SELECT`, `INSERT`, …: the first keyword of the statement. */
  readonly operation: string
  /** The table, when the statement has to do with exactly one. */
  readonly collection: string | undefined
  /** Operations and tables in the order of the SQL, such as `SELECT todos` or `INSERT archive SELECT todos`. */
  readonly text: string
}

/** From the semantic conventions; what comes after it is left out as whole names. */
const summaryCharactersMax = 255
/** A summary is in what comes first; a statement may hold a file. */
const readCharactersMax = 16_384
const operationCharactersMax = 32

/**
 * Summarises a statement by its keywords and the names that stand where tables do, quoted in any way. What stands within
 * conditions and lists does not count, nor do literals and functions. Other statements than those on tables are their
 * first word.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query-text
 */
export function summarizeQuery(sql: string): QuerySummary {
  const reader = { tokens: readTokens(sql.slice(0, readCharactersMax)), at: 0, depth: 0 }
  const [first = { operation: 'QUERY' }, ...targets] = readQuery(reader)
  const [target, ...others] = targets
  return {
    operation: toText(first),
    collection: others.length === 0 ? target?.table : undefined,
    text: joinParts([first, ...targets]),
  }
}

/** A word of a summary. */
type Part =
  | { readonly operation: string; readonly table?: undefined }
  | { readonly operation?: undefined; readonly table: string }

function toText(part: Part): string {
  return part.operation ?? part.table
}

function joinParts(parts: readonly Part[]): string {
  let text = ''
  for (const part of parts) {
    const longer = text === '' ? toText(part) : `${text} ${toText(part)}`
    if (longer.length > summaryCharactersMax) break
    text = longer
  }
  return text
}

type Token = {
  /** A word in upper case, or a mark. Empty for a quoted name or a literal, which is neither. */
  readonly key: string
  /** What it names, if it may be a name. */
  readonly name?: string
}

/** Comments, literals, quoted names, words, and marks one by one. */
const tokenPattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|(?<literal>[eE]'(?:\\[\s\S]|''|[^'\\])*'|'(?:''|[^'])*'|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<quoted>"(?:""|[^"])*"|`(?:``|[^`])*`)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<mark>[\s\S])/gu

function readTokens(sql: string): readonly Token[] {
  const tokens: Token[] = []
  for (const { groups } of sql.matchAll(tokenPattern)) {
    const { literal, quoted, word, mark } = groups ?? {}
    if (word !== undefined) tokens.push({ key: word.toUpperCase(), name: word })
    else if (mark !== undefined) tokens.push({ key: mark })
    else if (literal !== undefined) tokens.push({ key: '' })
    else if (quoted !== undefined) tokens.push({ key: '', name: unquote(quoted) })
  }
  return tokens
}

function unquote(quoted: string): string {
  const mark = quoted.slice(0, 1)
  return quoted.slice(1, -1).replaceAll(mark + mark, mark)
}

type Reader = { readonly tokens: readonly Token[]; at: number; depth: number }

function keyAt({ tokens, at }: Reader): string {
  return tokens[at]?.key ?? ';'
}

const depthMax = 20
const onTables = new Set(['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'MERGE'])
const beginsQuery = new Set([...onTables, 'WITH', '('])
const joinsQueries = new Set(['UNION', 'INTERSECT', 'EXCEPT'])
const beforeTable = new Set(['FROM', 'JOIN', 'INTO', 'USING'])
const afterTables = new Set(
  'SELECT WHERE SET VALUES GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH FOR RETURNING WHEN'.split(
    ' ',
  ),
)

/** Reads a query to its end, or up to the bracket that closes it. */
function readQuery(reader: Reader): readonly Part[] {
  const given = new Set<string>()
  const prepared = keyAt(reader) === 'WITH' ? readPrepared(reader, given) : []
  const head = keyAt(reader)
  const parts = head === '(' ? [...readBracket(reader)] : readOperation(reader)
  parts.push(...prepared)
  if (head === '(' || onTables.has(head)) parts.push(...readTables(reader, head))
  return parts.filter(({ table }) => table === undefined || !given.has(table))
}

function readOperation(reader: Reader): Part[] {
  const operation = keyAt(reader).slice(0, operationCharactersMax)
  reader.at += 1
  return /^[A-Z]/.test(operation) ? [{ operation }] : []
}

/** Reads what follows the first word of a query: its tables, and the queries that it is joined with. */
function readTables(reader: Reader, head: string): readonly Part[] {
  const parts: Part[] = []
  let before = head
  let isList = false
  let isJoined = false
  for (let key = keyAt(reader); key !== ')' && key !== ';'; key = keyAt(reader)) {
    const isTable = before === 'UPDATE' ? head === before : beforeTable.has(before)
    if (isTable || (before === ',' && isList)) {
      parts.push(...readTarget(reader, before))
      isList = true
      before = ''
    } else if (key === '(') {
      const inner = readBracket(reader)
      if (isJoined) parts.push(...inner)
      before = key
    } else {
      reader.at += 1
      if (key === 'SELECT') parts.push({ operation: key })
      if (joinsQueries.has(key)) isJoined = true
      if (afterTables.has(key)) isList = false
      // `IS DISTINCT FROM` compares.
      before = before === 'DISTINCT' && key === 'FROM' ? '' : key
    }
  }
  return parts
}

/** What `WITH` prepares. The names that it gives are no tables. */
function readPrepared(reader: Reader, given: Set<string>): readonly Part[] {
  const parts: Part[] = []
  do {
    reader.at += keyAt({ ...reader, at: reader.at + 1 }) === 'RECURSIVE' ? 2 : 1
    const name = reader.tokens[reader.at]?.name
    if (name !== undefined) given.add(name)
    reader.at += 1
    if (keyAt(reader) === '(') readBracket(reader) // its columns
    while (['AS', 'NOT', 'MATERIALIZED'].includes(keyAt(reader))) reader.at += 1
    if (keyAt(reader) === '(') parts.push(...readBracket(reader))
  } while (keyAt(reader) === ',')
  return parts
}

/** What stands where a table does. */
function readTarget(reader: Reader, before: string): readonly Part[] {
  while (['ONLY', 'LATERAL'].includes(keyAt(reader))) reader.at += 1
  if (keyAt(reader) === '(') return readBracket(reader)
  const names: string[] = []
  for (let isNext = true; isNext; reader.at += isNext ? 1 : 0) {
    const { name } = reader.tokens[reader.at] ?? {}
    reader.at += 1
    if (name !== undefined) names.push(name)
    isNext = keyAt(reader) === '.'
  }
  // Behind the table of an INSERT stand columns, behind any other name what a function is given.
  if (keyAt(reader) === '(' && before !== 'INTO') {
    readBracket(reader)
    return []
  }
  return names.length === 0 ? [] : [{ table: names.join('.') }]
}

/** Reads what is in brackets, and behind them: a query, or what is passed over. */
function readBracket(reader: Reader): readonly Part[] {
  reader.at += 1
  reader.depth += 1
  const isRead = beginsQuery.has(keyAt(reader)) && reader.depth < depthMax
  const parts = isRead ? readQuery(reader) : []
  for (let open = 1; open > 0 && reader.at < reader.tokens.length; reader.at += 1) {
    const key = keyAt(reader)
    if (key === '(') open += 1
    if (key === ')') open -= 1
  }
  reader.depth -= 1
  return parts
}
