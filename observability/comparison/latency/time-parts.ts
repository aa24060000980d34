import { SpanKind } from '../../otlp/model.ts'
import { type ClockTrust, readClockTrust } from '../trace/clock-trust.ts'
import type { SpanNode, TraceTree } from '../trace/trace-tree.ts'
import { cutStatement, findAttempts, type StatementStretch } from './cut-statement.ts'

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

/**
 * Divides one request's time into parts, by its trace.
 *
 * Each instant counts once: as `database` if any statement works, else as `connect`, else as `wait`; `cutStatement`
 * tells which of them a statement does when. Only the parts
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
  for (const one of intervals) for (const edge of [one.startNanos, one.endNanos]) edges.add(edge)
  const inside = [...edges].filter((edge) => edge >= begin && edge <= end)
  inside.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  for (const [index, from] of inside.entries()) {
    const to = inside[index + 1]
    if (to === undefined) break
    const active = intervals.filter((one) => one.startNanos <= from && one.endNanos >= to)
    const part = (['database', 'connect', 'wait'] as const).find((name) =>
      active.some((one) => one.part === name),
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

/** The outermost server span: breadth first, so that one inside another does not come first. */
export function findServer(roots: readonly SpanNode[]): SpanNode | undefined {
  const pending = [...roots]
  for (const node of pending) {
    if (node.span.kind === SpanKind.server) return node
    for (const child of node.children) pending.push(child)
  }
  return undefined
}

function collectIntervals(server: SpanNode): readonly StatementStretch[] {
  const attempts = findAttempts(server.children)
  const pending = [...server.children]
  for (const { children } of pending) for (const child of children) pending.push(child)
  return pending
    .flatMap(({ span }) =>
      span.kind === SpanKind.client ? (cutStatement(span, attempts) ?? []) : [],
    )
    .filter(({ startNanos, endNanos }) => endNanos > startNanos)
}

/** `Math.max` takes no bigint. */
function findLater(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}
