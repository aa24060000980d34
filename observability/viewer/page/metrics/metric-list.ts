import { parseAttributes } from '../../../otlp/from-json/any-value.ts'
import type { Attribute } from '../../../otlp/model.ts'
import type { MetricLine as WireMetricLine } from '../../../wire/metrics.ts'
import { orNull, readList, readNumber, readObject, readText } from '../state/asking/json.ts'

type WirePoint = WireMetricLine['points'][number]

/** As the collector writes it, with its attributes read. */
export type MetricLine = Omit<
  WireMetricLine,
  'points' | 'type' | 'temporality' | 'runtime' | 'scope'
> & {
  readonly type: string
  readonly temporality: string | null
  readonly points: readonly (Omit<WirePoint, 'attributes' | 'startTime'> & {
    readonly attributes: readonly Attribute[]
  })[]
}

export type MetricList = {
  readonly metrics: readonly MetricLine[]
  readonly evictedPoints: number
}

export function readMetricList(value: unknown): MetricList {
  const list = readObject(value, 'answer')
  return {
    metrics: readList(list.metrics, 'metrics', readMetric),
    evictedPoints: readNumber(list.evictedPoints, 'evictedPoints'),
  }
}

function readMetric(value: unknown, where: string): MetricLine {
  const metric = readObject(value, where)
  return {
    service: orNull(readText)(metric.service, `${where}.service`),
    name: readText(metric.name, `${where}.name`),
    description: readText(metric.description, `${where}.description`),
    unit: readText(metric.unit, `${where}.unit`),
    type: readText(metric.type, `${where}.type`),
    temporality: orNull(readText)(metric.temporality, `${where}.temporality`),
    firstSeen: readText(metric.firstSeen, `${where}.firstSeen`),
    points: readList(metric.points, `${where}.points`, (item, at) => {
      const point = readObject(item, at)
      return {
        attributes: parseAttributes(point.attributes, `${at}.attributes`),
        value: orNull(readText)(point.value, `${at}.value`),
        count: orNull(readText)(point.count, `${at}.count`),
        time: readText(point.time, `${at}.time`),
      }
    }),
  }
}
