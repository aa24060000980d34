import {
  type AnyValue,
  type Resource,
  type ResourceGroup,
  type ResourceLogs,
  type ResourceSpans,
  readAttribute,
  type Scope,
  type Span,
  SpanKind,
} from '../../otlp/model.ts'
import { createTraceOrder, type TraceOrder } from './trace-order.ts'
import type { Attachment, LogEntry, TracedSpan, TraceTree } from './trace-tree.ts'

/** What is known of a trace besides its spans. */
export type TraceTreeOptions = {
  /**
   * The parent id that the driver sent in `traceparent`. Spans under it are roots of the
   * comparison whether or not the driver's own span reached the collector, so that its
   * arrival changes nothing.
   */
  readonly driverSpanId?: string
}

/**
 * Builds the tree of one trace from what a collector holds of it.
 *
 * Broken traces stay visible: orphans, cycles and duplicates are kept and marked. The
 * result does not depend on the order of the input, nor on the ids themselves.
 * Takes n log n steps in the number of spans, and no recursion.
 *
 * @param logs Records of the same time and service; those of no trace, or of another one,
 *   are kept as loose, because a record that lost its trace is a finding.
 */
export function createTraceTree(
  spans: readonly ResourceSpans[],
  logs: readonly ResourceLogs[] = [],
  { driverSpanId = '' }: TraceTreeOptions = {},
): TraceTree {
  const order = createTraceOrder()
  const drafts = [...listItems(spans)].map(createDraft).sort(order.compareAlone)
  const byId = indexById(drafts)
  const driver = drafts.find(
    ({ span }) =>
      driverSpanId !== '' && span.spanId === driverSpanId && span.kind !== SpanKind.server,
  )
  const traced = drafts.filter((draft) => draft !== driver)

  const parents = new Map<Draft, Draft>()
  for (const draft of traced) {
    const { traceId, spanId, kind } = draft.span
    const { client, server } = byId.get(idKey(traceId, spanId)) ?? {}
    const sharesId = server === draft && client !== undefined
    const isDriven = driverSpanId !== '' && spanId === driverSpanId && kind === SpanKind.server
    const parentId = sharesId || isDriven ? spanId : draft.span.parentSpanId
    const parent = sharesId || isDriven ? client : findOwner(byId, traceId, parentId, draft)
    if (parentId === '') draft.attachment = 'root'
    else if (parent !== undefined && parent !== driver) parents.set(draft, parent)
    else draft.attachment = parentId === driverSpanId ? 'driver' : 'orphan'
  }
  for (const member of findCycles(traced, parents)) {
    member.attachment = 'cycle'
    parents.delete(member)
  }

  const roots: Draft[] = []
  for (const draft of traced) (parents.get(draft)?.children ?? roots).push(draft)
  const traceIds = new Set(drafts.map(({ span }) => span.traceId))
  const looseLogs = attachLogs(logs, byId, traceIds, driver, order)
  sortFromBelow(roots, order)
  return {
    driver: driver ? { span: driver.span, resource: driver.resource, scope: driver.scope } : null,
    roots,
    looseLogs,
    spanCount: traced.length,
  }
}

type Draft = TracedSpan & {
  attachment: Attachment
  duplicate: boolean
  readonly children: Draft[]
  readonly logs: LogEntry[]
}

type Sent<T> = { readonly item: T; readonly resource: Resource; readonly scope: Scope }

function* listItems<T>(groups: readonly ResourceGroup<T>[]): Generator<Sent<T>> {
  for (const { resource, scopes } of groups) {
    for (const { scope, items } of scopes) for (const item of items) yield { item, resource, scope }
  }
}

function createDraft({ item, resource, scope }: Sent<Span>): Draft {
  const links = { attachment: 'child', duplicate: false } as const
  return { span: item, resource, scope, ...links, children: [], logs: [] }
}

/** Ids are unique within a trace only, so a span never adopts one of another trace. */
function idKey(traceId: string, spanId: string): string {
  return `${traceId}:${spanId}`
}

/** Spans of one id: the first, and the two that Zipkin and Envoy give the same one. */
type Namesakes = {
  readonly first: Draft
  readonly client: Draft | undefined
  readonly server: Draft | undefined
}

/** Also marks duplicates. A span without an id can have no child and no duplicate. */
function indexById(drafts: readonly Draft[]): ReadonlyMap<string, Namesakes> {
  const byId = new Map<string, Namesakes>()
  for (const draft of drafts) {
    if (draft.span.spanId === '') continue
    const key = idKey(draft.span.traceId, draft.span.spanId)
    const { first = draft, client, server } = byId.get(key) ?? {}
    const isClient = draft.span.kind === SpanKind.client && client === undefined
    const isServer = draft.span.kind === SpanKind.server && server === undefined
    const isPair = (isServer && first === client) || (isClient && first === server)
    draft.duplicate = draft !== first && !isPair
    byId.set(key, {
      first,
      client: isClient && !draft.duplicate ? draft : client,
      server: isServer && !draft.duplicate ? draft : server,
    })
  }
  return byId
}

/** If a client and a server share an id: the one in the same service, or else the server. */
function findOwner(
  byId: ReadonlyMap<string, Namesakes>,
  traceId: string,
  spanId: string,
  { resource }: { readonly resource: Resource },
): Draft | undefined {
  const { first, client, server } = byId.get(idKey(traceId, spanId)) ?? {}
  if (client === undefined || server === undefined) return first
  const service = readService(client.resource)
  return service === readService(resource) && service !== readService(server.resource)
    ? client
    : server
}

function readService({ attributes }: Resource): AnyValue | undefined {
  return readAttribute(attributes, 'service.name')
}

/**
 * Every span that is its own ancestor. All links of a circle are cut, not one: whichever
 * was chosen would make a root by luck.
 */
function findCycles(drafts: readonly Draft[], parents: ReadonlyMap<Draft, Draft>): Draft[] {
  const members: Draft[] = []
  const settled = new Set<Draft>()
  for (const draft of drafts) {
    const walked = new Set<Draft>()
    let at: Draft | undefined = draft
    while (at !== undefined && !settled.has(at) && !walked.has(at)) {
      walked.add(at)
      at = parents.get(at)
    }
    const closing = at !== undefined && walked.has(at) ? at : undefined
    let inCircle = false
    for (const step of walked) {
      inCircle ||= step === closing
      if (inCircle) members.push(step)
      settled.add(step)
    }
  }
  return members
}

/** Attaches each record to its span; returns the records without one. */
function attachLogs(
  logs: readonly ResourceLogs[],
  byId: ReadonlyMap<string, Namesakes>,
  traceIds: ReadonlySet<string>,
  driver: Draft | undefined,
  order: TraceOrder,
): readonly LogEntry[] {
  const loose: LogEntry[] = []
  const touched = new Set<LogEntry[]>([loose])
  for (const { item: record, resource, scope } of listItems(logs)) {
    const owner = findOwner(byId, record.traceId, record.spanId, { resource })
    const isHere = owner !== undefined && owner !== driver
    const link = isHere ? 'span' : traceIds.has(record.traceId) ? 'trace' : 'none'
    const list = isHere ? owner.logs : loose
    list.push({ record, resource, scope, link })
    touched.add(list)
  }
  for (const list of touched) list.sort(order.compareLogs)
  return loose
}

/** Sorts the deepest children first, because equal spans are told apart by what is below them. */
function sortFromBelow(roots: Draft[], order: TraceOrder): void {
  const lists = [roots]
  for (const list of lists) {
    for (const { children } of list) if (children.length > 0) lists.push(children)
  }
  for (const list of lists.reverse()) list.sort(order.compareNodes)
}
