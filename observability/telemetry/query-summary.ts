import type { CompiledQuery, OperationNode, RootOperationNode } from 'kysely'

/** What a statement does and to which table, as low-cardinality names. */
export type QuerySummary = {
  /** `SELECT`, `INSERT`, …: the first keyword of the statement. */
  readonly operation: string
  /** The table, when the statement names exactly one in the place where its kind of statement does. */
  readonly collection: string | undefined
  /** Both, such as `SELECT todos`: the span's name. */
  readonly text: string
}

/**
 * Summarises a statement from Kysely's own tree where it has one, and from the first word of the SQL where it has
 * not (raw SQL); the SQL itself is never parsed.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query-text
 */
export function summarizeQuery(query: CompiledQuery): QuerySummary {
  const operation = operationOf(query)
  const collection = collectionOf(query.query)
  return {
    operation,
    collection,
    text: collection === undefined ? operation : `${operation} ${collection}`,
  }
}

const operations: Readonly<Record<string, string>> = {
  SelectQueryNode: 'SELECT',
  InsertQueryNode: 'INSERT',
  UpdateQueryNode: 'UPDATE',
  DeleteQueryNode: 'DELETE',
  MergeQueryNode: 'MERGE',
}

function operationOf(query: CompiledQuery): string {
  return (
    operations[query.query.kind] ??
    /^\s*([a-z]{1,32})/i.exec(query.sql)?.[1]?.toUpperCase() ??
    'QUERY'
  )
}

function collectionOf(node: RootOperationNode): string | undefined {
  switch (node.kind) {
    case 'SelectQueryNode':
      return tableName(only(node.from?.froms))
    case 'InsertQueryNode':
    case 'MergeQueryNode':
      return tableName(node.into)
    case 'UpdateQueryNode':
      return tableName(node.table)
    case 'DeleteQueryNode':
      return tableName(only(node.from.froms))
    default:
      return undefined
  }
}

function only(nodes: readonly OperationNode[] | undefined): OperationNode | undefined {
  return nodes?.length === 1 ? nodes[0] : undefined
}

/** Kysely's nodes carry their kind as text, so their shape is asked for instead of believed. */
function tableName(node: OperationNode | undefined): string | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'AliasNode' && 'node' in node && isNode(node.node)) return tableName(node.node)
  if (node.kind !== 'TableNode' || !('table' in node) || !isSchemable(node.table)) return undefined
  const { schema, identifier } = node.table
  return schema === undefined ? identifier.name : `${schema.name}.${identifier.name}`
}

function isNode(value: unknown): value is OperationNode {
  return typeof value === 'object' && value !== null && 'kind' in value
}

type Schemable = {
  readonly schema?: { readonly name: string }
  readonly identifier: { readonly name: string }
}

function isSchemable(value: unknown): value is Schemable {
  return typeof value === 'object' && value !== null && 'identifier' in value
}
