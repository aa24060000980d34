import {
  AliasNode,
  type CompiledQuery,
  DeleteQueryNode,
  InsertQueryNode,
  MergeQueryNode,
  type OperationNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  type WithNode,
} from 'kysely'

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

/**
 * Summarises a statement from Kysely's own tree where it has one, and from the first word of the SQL where it has
 * not (raw SQL, DDL); the SQL itself is never parsed. Subqueries count where tables stand, not within conditions.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query-text
 */
export function summarizeQuery(query: CompiledQuery): QuerySummary {
  const [first = { operation: readFirstWord(query.sql) }, ...targets] = summarizeNode(query.query)
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

function readFirstWord(sql: string): string {
  return /^\s*([a-z]{1,32})/i.exec(sql)?.[1]?.toUpperCase() ?? 'QUERY'
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

/** Operation and tables of a query; a table is itself; anything else, such as raw SQL, is nothing. */
function summarizeNode(node: OperationNode): readonly Part[] {
  if (SelectQueryNode.is(node)) {
    const unions = node.setOperations?.map(({ expression }) => expression)
    return [{ operation: 'SELECT' }, ...tablesOf(node.with, node.from?.froms, joined(node), unions)]
  }
  if (InsertQueryNode.is(node))
    return [{ operation: 'INSERT' }, ...tablesOf(node.with, some(node.into), some(node.values))]
  if (UpdateQueryNode.is(node))
    return [
      { operation: 'UPDATE' },
      ...tablesOf(node.with, some(node.table), node.from?.froms, joined(node)),
    ]
  if (DeleteQueryNode.is(node))
    return [
      { operation: 'DELETE' },
      ...tablesOf(node.with, node.from.froms, node.using?.tables, joined(node)),
    ]
  if (MergeQueryNode.is(node))
    return [{ operation: 'MERGE' }, ...tablesOf(node.with, [node.into], some(node.using?.table))]
  if (AliasNode.is(node)) return summarizeNode(node.node)
  if (TableNode.is(node)) return [{ table: tableName(node) }]
  return []
}

/** Tables of what `WITH` prepares, then of the lists; the names that `WITH` gives are not tables. */
function tablesOf(
  prepared: WithNode | undefined,
  ...lists: readonly (readonly OperationNode[] | undefined)[]
): readonly Part[] {
  const expressions = prepared?.expressions ?? []
  const given = new Set(expressions.map(({ name }) => tableName(name.table)))
  return [
    ...expressions.map(({ expression }) => expression),
    ...lists.flatMap((list) => list ?? []),
  ]
    .flatMap(summarizeNode)
    .filter(({ table }) => table === undefined || !given.has(table))
}

function joined(node: SelectQueryNode | UpdateQueryNode | DeleteQueryNode): OperationNode[] {
  return node.joins?.map(({ table }) => table) ?? []
}

function some(node: OperationNode | undefined): readonly OperationNode[] {
  return node === undefined ? [] : [node]
}

function tableName({ table: { schema, identifier } }: TableNode): string {
  return schema === undefined ? identifier.name : `${schema.name}.${identifier.name}`
}
