import { readAttribute, SpanKind, StatusCode } from '../../otlp/model.ts'
import { type ClockTrust, readClockTrust } from '../trace/clock-trust.ts'
import type { SpanNode, TraceTree } from '../trace/trace-tree.ts'

/** The parts of a request's time, in the order of display. */
export const timePartNames = ['network', 'server', 'wait', 'connect', 'database'] as const

/** A part of a request's time, as reports name it. */
export type TimePartName = (typeof timePartNames)[number]

/**
 * Milliseconds of one request by part. Their sum is the client's duration.
 *
 * `network`: seen by the client but not by the server: both ways, and queueing before the server began. `database`: a
 * statement at work. `connect`: opening a connection to the database. `wait`: a statement waits for a connection while
 * none is being opened for it. `server`: the rest of the server span.
 */
export type TimeParts = Readonly<Record<TimePartName, number>>

/** The event that tells waiting for a connection from working. */
const acquiredEvent = 'db.connection.acquired'

/**
 * Divides one request's time into parts, by its trace.
 *
 * Each instant counts once: as `database` if any statement works, else as `connect`, else as `wait`. A statement that
 * never got a connection did not work: while one is attempted, that is `connect`. Only the parts
 * inside the server use the runtime's own clock. `network` is the difference of two clocks' durations, so on a coarse
 * clock it can be below 0 for a single request.
 *
 * @param clientMillis By the driver's clock, from sending to the last byte.
 * @returns `null` if the trace has no server span.
 */
export function readTimeParts(
  trace: TraceTree,
  clientMillis: number,
): { readonly parts: TimeParts; readonly clock: ClockTrust } | null {
  const server = findServer(trace.roots)
  if (server === undefined) return null
  const intervals = collectIntervals(server)
  const begin = server.span.startNanos
  const end = findLater(begin, server.span.endNanos)
  const sums = { database: 0n, connect: 0n, wait: 0n, server: 0n }
  const edges = new Set([begin, end])
  for (const { from, to } of intervals) for (const edge of [from, to]) edges.add(edge)
  const inside = [...edges].filter((edge) => edge >= begin && edge <= end)
  inside.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  for (const [index, from] of inside.entries()) {
    const to = inside[index + 1]
    if (to === undefined) break
    const active = intervals.filter((interval) => interval.from <= from && interval.to >= to)
    const part = (['database', 'connect', 'wait'] as const).find((name) =>
      active.some((interval) => interval.part === name),
    )
    sums[part ?? 'server'] += to - from
  }
  const serverMillis = Number(end - begin) / 1e6
  return {
    parts: {
      network: clientMillis - serverMillis,
      server: Number(sums.server) / 1e6,
      wait: Number(sums.wait) / 1e6,
      connect: Number(sums.connect) / 1e6,
      database: Number(sums.database) / 1e6,
    },
    clock: readClockTrust(server.resource.attributes),
  }
}

type PartInterval = {
  readonly part: 'database' | 'connect' | 'wait'
  readonly from: bigint
  readonly to: bigint
}

/** The outermost server span: breadth first, so that one inside another does not come first. */
export function findServer(roots: readonly SpanNode[]): SpanNode | undefined {
  const pending = [...roots]
  for (const node of pending) {
    if (node.span.kind === SpanKind.server) return node
    for (const child of node.children) pending.push(child)
  }
  return undefined
}

function collectIntervals(server: SpanNode): readonly PartInterval[] {
  const found: PartInterval[] = []
  const pending = [...server.children]
  for (const node of pending) {
    for (const child of node.children) pending.push(child)
    const { span } = node
    const isDatabase = ['db.system.name', 'db.system'].some(
      (key) => readAttribute(span.attributes, key) !== undefined,
    )
    if (!isDatabase || span.kind !== SpanKind.client) continue
    const [from, to] = [span.startNanos, span.endNanos]
    if (isConnect(node)) {
      found.push({ part: 'connect', from, to })
      continue
    }
    const acquired = span.events.find(({ name }) => name === acquiredEvent)?.timeNanos
    // Without the event nothing tells waiting from working, and all of it is the statement's; unless
    // it failed and a connection was attempted meanwhile: then it never had one.
    const hasWaited = span.status.code === StatusCode.error && hasAttempt(server, from, to)
    const begin = acquired ?? (hasWaited ? to : from)
    found.push({ part: 'wait', from, to: begin }, { part: 'database', from: begin, to })
  }
  return found.filter((interval) => interval.to > interval.from)
}

/** Whether a connection was being opened while this statement lasted. */
function hasAttempt(server: SpanNode, from: bigint, to: bigint): boolean {
  const pending = [...server.children]
  for (const node of pending) {
    for (const child of node.children) pending.push(child)
    const { startNanos, endNanos } = node.span
    if (isConnect(node) && startNanos < to && endNanos > from) return true
  }
  return false
}

function isConnect({ span }: SpanNode): boolean {
  const operation = readAttribute(span.attributes, 'db.operation.name')
  return operation === 'CONNECT' || /^CONNECT\b/.test(span.name)
}

/** `Math.max` takes no bigint. */
function findLater(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}
