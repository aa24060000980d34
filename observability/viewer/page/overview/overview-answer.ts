import type {
  RequestNumbers,
  OperationNumbers as WireOperationNumbers,
  Overview as WireOverview,
} from '../../../wire/overview.ts'
import { orNull, readList, readNumber, readObject, readText } from '../state/asking/json.ts'

/** Numbers of one operation on one runtime, as far as the page shows them. */
export type OperationNumbers = Omit<
  WireOperationNumbers,
  'runtime' | 'service' | 'method' | 'route'
>

/** What `/api/overview` answers, with its times as numbers. */
export type Overview = Omit<WireOverview, 'startTime' | 'endTime' | 'operations' | 'series'> & {
  readonly startMillis: number
  readonly endMillis: number
  readonly operations: readonly OperationNumbers[]
  readonly series: readonly {
    readonly group: string
    readonly buckets: readonly RequestNumbers[]
  }[]
}

/** What requests are divided by for a rate: how long there was traffic, and a second at least. */
export function readTrafficSeconds({ trafficMillis }: Overview): number {
  return Math.max(1, trafficMillis / 1_000)
}

/** @throws UnexpectedAnswer that names the field. */
export function readOverview(value: unknown): Overview {
  const overview = readObject(value, 'answer')
  return {
    startMillis: Date.parse(readText(overview.startTime, 'startTime')),
    endMillis: Date.parse(readText(overview.endTime, 'endTime')),
    bucketMillis: readNumber(overview.bucketMillis, 'bucketMillis'),
    firstBucketMillis: readNumber(overview.firstBucketMillis, 'firstBucketMillis'),
    moreOperations: readNumber(overview.moreOperations, 'moreOperations'),
    trafficMillis: readNumber(overview.trafficMillis, 'trafficMillis'),
    untimed: readNumber(overview.untimed, 'untimed'),
    leftOut: readLeftOut(overview.leftOut),
    operations: readList(overview.operations, 'operations', (item, where) => {
      const own = readObject(item, where)
      return {
        group: orNull(readText)(own.group, `${where}.group`),
        operation: readText(own.operation, `${where}.operation`),
        clock: orNull(readText)(own.clock, `${where}.clock`),
        ...readNumbers(item, where),
      }
    }),
    series: readList(overview.series, 'series', (item, where) => {
      const own = readObject(item, where)
      return {
        group: orNull(readText)(own.group, `${where}.group`) ?? '',
        buckets: readList(own.buckets, `${where}.buckets`, readNumbers),
      }
    }),
  }
}

function readLeftOut(value: unknown): Overview['leftOut'] {
  const leftOut = readObject(value, 'leftOut')
  return {
    unfinished: readNumber(leftOut.unfinished, 'leftOut.unfinished'),
    impossible: readNumber(leftOut.impossible, 'leftOut.impossible'),
    old: readNumber(leftOut.old, 'leftOut.old'),
  }
}

function readNumbers(value: unknown, where: string): RequestNumbers {
  const numbers = readObject(value, where)
  return {
    calls: readNumber(numbers.calls, `${where}.calls`),
    errors4xx: readNumber(numbers.errors4xx, `${where}.errors4xx`),
    errors5xx: readNumber(numbers.errors5xx, `${where}.errors5xx`),
    p50Millis: orNull(readNumber)(numbers.p50Millis, `${where}.p50Millis`),
    p95Millis: orNull(readNumber)(numbers.p95Millis, `${where}.p95Millis`),
    p99Millis: orNull(readNumber)(numbers.p99Millis, `${where}.p99Millis`),
  }
}
