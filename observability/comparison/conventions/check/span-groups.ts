import { readAttribute, SpanKind } from '../../../otlp/model.ts'
import type { SpanFacts } from './span-facts.ts'

/** A kind of span in the conventions. */
export type SpanGroup = {
  /** As a person calls it. */
  readonly title: string
  /** Ids in the registry; those that it does not have demand nothing. */
  readonly ids: readonly string[]
  /** The page below `docs/`, with its anchor. */
  readonly section: string
  /** Whether all that is recommended can be known. Defaults to no. */
  readonly knowsRecommended?: boolean
}

/** All that a span is; a function's invocation by HTTP is two. */
export function findSpanGroups(facts: SpanFacts): readonly SpanGroup[] {
  return finders.flatMap((find) => find(facts) ?? [])
}

const finders: readonly ((facts: SpanFacts) => SpanGroup | undefined)[] = [
  findHttp,
  findDatabase,
  findFunction,
  findRpc,
  findMessaging,
]

const { server, client, producer, consumer } = SpanKind

function findHttp(facts: SpanFacts): SpanGroup | undefined {
  if (facts.span.kind === server) {
    const isHttp = facts.has(
      ...['http.request.method', 'http.method', 'http.route', 'http.response.status_code'],
      ...['http.status_code', 'http.target'],
    )
    if (!isHttp || facts.has('rpc.system', 'rpc.system.name')) return undefined
    return {
      title: 'HTTP server span',
      ids: ['http.server'],
      section: 'http/http-spans.md#http-server-span',
    }
  }
  // A client of a database, a queue or a remote procedure may tell of the HTTP below it.
  const isOther = facts.has(
    ...['db.system', 'db.system.name', 'rpc.system', 'rpc.system.name', 'messaging.system'],
    ...['gen_ai.operation.name', 'faas.invoked_name'],
  )
  if (facts.span.kind !== client || isOther) return undefined
  if (!facts.has('http.request.method', 'http.method', 'http.url')) return undefined
  return {
    title: 'HTTP client span',
    ids: ['http.client'],
    section: 'http/http-spans.md#http-client-span',
  }
}

function findDatabase(facts: SpanFacts): SpanGroup | undefined {
  if (facts.span.kind === server || facts.span.kind === consumer) return undefined
  if (!facts.has('db.system.name', 'db.system', 'db.query.text', 'db.statement')) return undefined
  // `azure.cosmosdb` and `microsoft.sql_server` have groups of their own under either name.
  const system = facts.text('db.system.name') ?? ''
  const names = new Set([system, system.slice(system.indexOf('.') + 1)])
  return {
    title: 'database client span',
    ids: ['db.client', ...[...names].map((name) => `db.${name}.client`)],
    section: 'db/database-spans.md#span-definition',
  }
}

const functionPlatforms =
  /^(?:aws_lambda|azure[._]functions|gcp_cloud_functions|alibaba_cloud_fc|tencent_cloud_scf)$/

function findFunction({ span, resource }: SpanFacts): SpanGroup | undefined {
  if (span.kind !== server) return undefined
  const platform = readAttribute(resource, 'cloud.platform')
  const isFunction =
    (typeof platform === 'string' && functionPlatforms.test(platform)) ||
    readAttribute(resource, 'faas.name') !== undefined ||
    span.attributes.some(({ key }) => key.startsWith('faas.'))
  if (!isFunction) return undefined
  return {
    title: 'function (FaaS) server span',
    ids: ['faas.server'],
    // The platform tells a function all of it. What HTTP and databases recommend a service often cannot know, and the
    // conventions' own examples leave it out.
    knowsRecommended: true,
    section: 'faas/faas-spans.md#incoming-faas-span-attributes',
  }
}

function findRpc(facts: SpanFacts): SpanGroup | undefined {
  const side =
    facts.span.kind === server ? 'server' : facts.span.kind === client ? 'client' : undefined
  if (side === undefined || !facts.has('rpc.system', 'rpc.system.name', 'rpc.method'))
    return undefined
  return {
    title: `RPC ${side} span`,
    ids: [`rpc.call.${side}`],
    section: `rpc/rpc-spans.md#rpc-${side}-span`,
  }
}

function findMessaging({ span: { kind }, has }: SpanFacts): SpanGroup | undefined {
  if (!has('messaging.system', 'messaging.operation.type', 'messaging.operation.name'))
    return undefined
  const id =
    kind === producer
      ? 'messaging.send.producer'
      : kind === consumer
        ? 'messaging.process.consumer'
        : 'messaging.receive.client'
  return { title: 'messaging span', ids: [id], section: 'messaging/messaging-spans.md' }
}
