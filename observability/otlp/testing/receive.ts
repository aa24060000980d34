import type { Metric, ReceivedMetric, ResourceGroup } from '../model.ts'

/** What is left of a resource's metrics when they are received; see `ReceivedMetric`. */
export function receive(group: ResourceGroup<Metric>): ResourceGroup<ReceivedMetric> {
  const scopes = group.scopes.map((scope) => ({ ...scope, items: scope.items.map(receiveMetric) }))
  return { ...group, scopes }
}

function receiveMetric({ name, description, unit, data }: Metric): ReceivedMetric {
  switch (data.type) {
    case 'none':
      return { name, description, unit, data }
    case 'gauge':
    case 'sum': {
      const points = data.points.map(({ attributes, startNanos, timeNanos, value }) => {
        return { attributes, startNanos, timeNanos, value }
      })
      return { name, description, unit, data: { ...data, points } }
    }
    default: {
      const points = [...data.points].map(({ attributes, startNanos, timeNanos, count, sum }) => {
        return { attributes, startNanos, timeNanos, count, sum }
      })
      return { name, description, unit, data: { ...data, points } }
    }
  }
}
