import type { ReceivedMetric, ResourceGroup } from '../../otlp/model.ts'
import type { ReceivedCounts } from '../../wire/status.ts'
import type { ExportRequest } from '../receive/decode-request.ts'

/** Counts of everything received since the start. */
export type Counters = {
  /** Notes a request that was taken, and how many of its spans were not. */
  received(request: ExportRequest, rejectedSpans: number): void
  refused(status: number): void
  read(): ReceivedCounts
}

/** All counts begin at 0 and only grow, until the process ends. */
export function createCounters(): Counters {
  const received = { requests: 0, spans: 0, logRecords: 0, dataPoints: 0 }
  const refusedByStatus: Record<string, number> = {}
  let rejectedSpans = 0

  return {
    received(request, rejected) {
      received.requests += 1
      rejectedSpans += rejected
      switch (request.signal) {
        case 'traces':
          received.spans += countItems(request.groups) - rejected
          break
        case 'logs':
          received.logRecords += countItems(request.groups)
          break
        case 'metrics':
          received.dataPoints += countDataPoints(request.groups)
      }
    },
    refused(status) {
      refusedByStatus[status] = (refusedByStatus[status] ?? 0) + 1
    },
    read: () => ({
      received: { ...received },
      rejected: { requests: { ...refusedByStatus }, spans: rejectedSpans },
    }),
  }
}

type Groups = readonly { readonly scopes: readonly { readonly items: readonly unknown[] }[] }[]

/** Spans, log records or metrics in groups. */
export function countItems(groups: Groups): number {
  let count = 0
  for (const group of groups) for (const scope of group.scopes) count += scope.items.length
  return count
}

function countDataPoints(groups: readonly ResourceGroup<ReceivedMetric>[]): number {
  let count = 0
  for (const group of groups) {
    for (const scope of group.scopes) {
      for (const { data } of scope.items) count += data.type === 'none' ? 0 : data.points.length
    }
  }
  return count
}
