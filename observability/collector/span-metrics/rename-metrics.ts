import type { Attribute, Metric, MetricData, ResourceMetrics } from '../../otlp/model.ts'
import { readAttribute } from '../../otlp/model.ts'

/** One statement of a `transform` processor, of the forms that the embedded collector understands. */
export type MetricRename =
  /** `set(metric.name, "to") where metric.name == "from"` */
  | { readonly type: 'name'; readonly from: string; readonly to: string }
  /** `set(metric.unit, "unit") where metric.name == "metric"` */
  | { readonly type: 'unit'; readonly metric: string; readonly unit: string }
  /** `set(datapoint.attributes["to"], datapoint.attributes["from"]) where … != nil` */
  | { readonly type: 'attribute'; readonly from: string; readonly to: string }

/**
 * Applies the statements in their order, each to what those before it have made.
 *
 * As OTTL does: an attribute that is absent, or was sent empty, counts as nil and is not copied; one
 * that is already there is overwritten where it stands, a new one comes last.
 */
export function renameMetrics(
  groups: readonly ResourceMetrics[],
  renames: readonly MetricRename[],
): readonly ResourceMetrics[] {
  if (renames.length === 0) return groups
  return groups.map((group) => ({
    ...group,
    scopes: group.scopes.map((scope) => ({
      ...scope,
      items: scope.items.map((metric) => renames.reduce(renameMetric, metric)),
    })),
  }))
}

function renameMetric(metric: Metric, rename: MetricRename): Metric {
  switch (rename.type) {
    case 'name':
      return metric.name === rename.from ? { ...metric, name: rename.to } : metric
    case 'unit':
      return metric.name === rename.metric ? { ...metric, unit: rename.unit } : metric
    case 'attribute':
      return { ...metric, data: copyPointAttribute(metric.data, rename.from, rename.to) }
  }
}

function copyPointAttribute(data: MetricData, from: string, to: string): MetricData {
  const copy = <T extends { readonly attributes: readonly Attribute[] }>(point: T): T => {
    const value = readAttribute(point.attributes, from)
    if (value === undefined || value === null) return point
    return { ...point, attributes: setAttribute(point.attributes, { key: to, value }) }
  }
  // One case per kind of point: they have no common type that a list of them could be mapped by.
  switch (data.type) {
    case 'none':
      return data
    case 'gauge':
    case 'sum':
      return { ...data, points: data.points.map(copy) }
    case 'histogram':
      return { ...data, points: data.points.map(copy) }
    case 'exponentialHistogram':
      return { ...data, points: data.points.map(copy) }
    case 'summary':
      return { ...data, points: data.points.map(copy) }
  }
}

function setAttribute(
  attributes: readonly Attribute[],
  attribute: Attribute,
): readonly Attribute[] {
  const index = attributes.findIndex(({ key }) => key === attribute.key)
  return index < 0 ? [...attributes, attribute] : attributes.with(index, attribute)
}
