import { describe, expect, test } from 'vitest'
import {
  createGroup,
  createSpan,
  createTestMetrics,
  listCalls,
  listDurations,
  listMetrics,
} from '../testing/build-spans.ts'
import { type MetricRename, renameMetrics } from './rename-metrics.ts'

const renames: readonly MetricRename[] = [
  { type: 'name', from: 'traces.spanmetrics.duration', to: 'traces.spanmetrics.latency' },
  { type: 'unit', metric: 'traces.spanmetrics.latency', unit: '' },
  { type: 'attribute', from: 'service.name', to: 'service' },
]

function collect() {
  const metrics = createTestMetrics({ namespace: 'traces.spanmetrics' })
  metrics.consume([createGroup({ 'service.name': 's' }, [createSpan()])])
  return metrics.collect()
}

describe('renaming', () => {
  test('gives the names, units and labels that Grafana looks for', () => {
    const groups = renameMetrics(collect(), renames)

    expect(listMetrics(groups).map(({ name, unit }) => [name, unit])).toEqual([
      ['traces.spanmetrics.calls', ''],
      ['traces.spanmetrics.latency', ''],
    ])
    for (const point of [...listCalls(groups), ...listDurations(groups)]) {
      expect(point.attributes.at(-1)).toEqual({ key: 'service', value: 's' })
    }
  })

  test('goes in order: a unit set under the old name after renaming is set on nothing', () => {
    const groups = renameMetrics(collect(), [
      { type: 'name', from: 'traces.spanmetrics.duration', to: 'b' },
      { type: 'unit', metric: 'traces.spanmetrics.duration', unit: 'x' },
    ])

    expect(listMetrics(groups)[1]).toMatchObject({ name: 'b', unit: 'ms' })
  })

  test('overwrites an attribute that is there, in its place', () => {
    const [point] = listCalls(
      renameMetrics(collect(), [{ type: 'attribute', from: 'span.name', to: 'service.name' }]),
    )

    expect(point?.attributes[0]).toEqual({ key: 'service.name', value: '/ping' })
    expect(point?.attributes).toHaveLength(4)
  })

  test('copies no attribute that is absent, nor one that was sent empty', () => {
    const metrics = createTestMetrics({ dimensions: [{ name: 'empty', default: null }] })
    metrics.consume([
      createGroup({ 'service.name': 's' }, [createSpan({ attributes: { empty: null } })]),
    ])
    const before = metrics.collect()

    for (const from of ['absent', 'empty']) {
      expect(renameMetrics(before, [{ type: 'attribute', from, to: 'x' }])).toEqual(before)
    }
  })

  test('leaves what it is given as it was', () => {
    const groups = collect()
    const before = structuredClone(groups)

    renameMetrics(groups, renames)

    expect(groups).toEqual(before)
  })

  test('without statements gives back the same', () => {
    const groups = collect()

    expect(renameMetrics(groups, [])).toBe(groups)
  })
})
