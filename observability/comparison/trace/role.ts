import { type AnyValue, readAttribute, type Span, SpanKind } from '../../otlp/model.ts'

/** A span's work in its request, independent of the runtime. */
export type Role = {
  /** For people and for paths, such as `GET /api/v1/todos/:id` or `SELECT todos`. */
  readonly label: string
  /**
   * Keys of equal work, from the strictest to the loosest; `null` if a span has no key for a level. Siblings pair at
   * the strictest level at which they agree, so a span that lost its route still meets its counterpart, and the loss is
   * reported.
   */
  readonly levels: readonly (string | null)[]
}

/** `SERVER`, `CLIENT`, …; an unknown number such as `kind 9`. */
export function renderSpanKind(kind: number): string {
  return kindNames.get(kind) ?? `kind ${kind}`
}

const kindNames: ReadonlyMap<number, string> = new Map(
  Object.entries(SpanKind).map(([name, kind]) => [kind, name.toUpperCase()]),
)

/**
 * The role of a span: method and route of a server span; operation and collection of a database span; `CONNECT` of a
 * connection to any database; otherwise the name. Ignores service, host, port, ids and instrumentation scope.
 *
 * Reads the stable HTTP and database conventions of OpenTelemetry, and their older names too, because a runtime's own
 * instrumentation may still send those.
 */
export function readRole(span: Span): Role {
  if (readText(span, 'db.system.name', 'db.system') !== null) return readDatabaseRole(span)
  const method = readText(span, 'http.request.method', 'http.method')
  // A client's span has no route: its name is all it says about the work.
  if (method !== null && span.kind !== SpanKind.client) return readServerRole(span, method)
  return createRole(span, span.name, null, null)
}

function readServerRole(span: Span, method: string): Role {
  const route = readText(span, 'http.route')
  const label = route === null ? method : `${method} ${route}`
  if (span.kind !== SpanKind.server) return createRole(span, label, null, null)
  // A request is served once at each place, so a server span without a route, or with
  // another one, is the same work described in another way.
  return createRole(span, label, `server ${method}`, 'server')
}

function readDatabaseRole(span: Span): Role {
  const operation = readText(span, 'db.operation.name', 'db.operation')
  if (operation === 'CONNECT' || /^CONNECT\b/.test(span.name)) {
    return createRole(span, 'CONNECT', null, null)
  }
  const collection = readText(span, 'db.collection.name', 'db.sql.table')
  const summary = readText(span, 'db.query.summary') ?? span.name
  const label = operation === null || collection === null ? summary : `${operation} ${collection}`
  // Two statements on one table are told apart by their text before they are counted off.
  const text = readText(span, 'db.query.text', 'db.statement')
  return createRole(span, label, null, null, text)
}

function createRole(
  span: Span,
  label: string,
  looser: string | null,
  loosest: string | null,
  detail: string | null = null,
): Role {
  const kind = renderSpanKind(span.kind)
  const exact = detail === null ? null : `${kind} ${label} ${detail}`
  return {
    label,
    levels: [exact, `${kind} ${label}`, label, `${kind} ${span.name}`, looser, loosest],
  }
}

function readText(span: Span, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value: AnyValue | undefined = readAttribute(span.attributes, key)
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}
