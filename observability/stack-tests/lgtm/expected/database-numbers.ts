import { type Attribute, readAttribute, SpanKind } from '../../../otlp/model.ts'
import type { SpanOfResource } from '../read-spans.ts'
import { type ExpectedNumbers, type Facts, group } from './expected-numbers.ts'
import { takeQuantile } from './take-quantile.ts'

const overview = 'Service overview ›'
const compared = 'Runtimes compared ›'

const byStatement: Grouping = ({ span }) => ({
  db_operation_name: readText(span.attributes, 'db.operation.name'),
  db_collection_name: readText(span.attributes, 'db.collection.name'),
})
const byRuntime: Grouping = ({ resource }) => ({
  hono_runtime_name: readText(resource, 'hono.runtime.name'),
})
const together: Grouping = () => ({})

/** Expected numbers of database spans, by the name of a query; the chosen route makes no difference. */
export const databaseNumbers: Readonly<Record<string, ExpectedNumbers>> = {
  [`${overview} Database time by statement › A`]: exact(byStatement, (own, { rateSeconds }) => {
    return sumSeconds(own.statements) / rateSeconds
  }),
  [`${overview} p95 by statement › A`]: quantile('statements', byStatement),
  [`${overview} Share of database time › A`]: exact(together, shareOf('statements')),
  [`${overview} Share of database time › B`]: exact(together, shareOf('connections')),
  [`${overview} Statements › A`]: exact(byStatement, (own) => sumSeconds(own.statements)),
  [`${overview} Statements › B`]: exact(byStatement, (own) => own.statements.length),
  [`${overview} Statements › C`]: exact(byStatement, ({ statements }) => {
    return sumSeconds(statements) / statements.length
  }),
  [`${overview} Statements › D`]: quantile('statements', byStatement),
  [`${overview} Statements › E`]: exact(byStatement, ({ statements }) => {
    return statements.filter(({ span }) => span.status.code === failed).length / statements.length
  }),
  [`${compared} Share of database time › A`]: exact(byRuntime, shareOf('statements')),
  [`${compared} Connect time per request › A`]: exact(byRuntime, ({ connections, requests }) => {
    return sumSeconds(connections) / requests.length
  }),
  [`${compared} Connections per request › A`]: exact(byRuntime, ({ connections, requests }) => {
    return connections.length / requests.length
  }),
  [`${compared} p95 of opening a connection › A`]: quantile('connections', byRuntime),
}

const failed = 2

/** `connections` are openings of one, within the statement that needed it. */
type Kinds = Readonly<Record<'requests' | 'statements' | 'connections', readonly SpanOfResource[]>>

type Grouping = (one: SpanOfResource) => Readonly<Record<string, string | undefined>>

function sortKinds(spans: readonly SpanOfResource[]): Kinds {
  const toDatabase = spans.filter(
    ({ span }) =>
      span.kind === SpanKind.client && readText(span.attributes, 'db.system.name') !== undefined,
  )
  const isConnect = ({ span }: SpanOfResource) =>
    readText(span.attributes, 'db.operation.name') === 'CONNECT'
  return {
    requests: spans.filter(({ span }) => span.kind === SpanKind.server),
    statements: toDatabase.filter((one) => !isConnect(one)),
    connections: toDatabase.filter(isConnect),
  }
}

function exact(by: Grouping, calculate: (own: Kinds, facts: Facts) => number): ExpectedNumbers {
  return {
    agreement: 'exact',
    calculate(facts) {
      // Requests and connections are of no kind of statement.
      const spans = by === byStatement ? sortKinds(facts.spans).statements : facts.spans
      return group(spans, by, (own) => ({ value: calculate(sortKinds(own), facts) }))
    },
  }
}

function quantile(kind: 'statements' | 'connections', by: Grouping): ExpectedNumbers {
  return {
    agreement: 'bucket',
    calculate: ({ spans }) =>
      group(sortKinds(spans)[kind], by, (own) => takeQuantile(0.95, own.map(readSeconds))),
  }
}

function shareOf(kind: 'statements' | 'connections'): (own: Kinds) => number {
  return (own) => sumSeconds(own[kind]) / sumSeconds(own.requests)
}

function sumSeconds(spans: readonly SpanOfResource[]): number {
  return spans.reduce((total, one) => total + readSeconds(one), 0)
}

function readSeconds({ span }: SpanOfResource): number {
  return Number(span.endNanos - span.startNanos) / 1e9
}

function readText(attributes: readonly Attribute[], key: string): string | undefined {
  const value = readAttribute(attributes, key)
  return value === undefined || value === null ? undefined : String(value)
}
