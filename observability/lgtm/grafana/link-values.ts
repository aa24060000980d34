import type { Labels } from '../spans/span-series.ts'

/** What Grafana puts into the links of a series, or of a row, that has these labels. */
export function linkValues(labels: Labels): Readonly<Record<string, string>> {
  const named = Object.entries(labels).flatMap(([name, value]) => [
    [`__field.labels.${name}`, value],
    [`__data.fields.${name}`, value],
  ])
  return {
    service: 'todo-api',
    route: '.*',
    '__field.name': labels.hono_runtime_name ?? '',
    '__data.fields[0]': labels.span_name ?? '',
    '__value.raw': '0.0000001',
    __from: '0',
    __to: '0',
    ...Object.fromEntries(named),
  }
}
