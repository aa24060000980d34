import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { metricsSchema } from '../../../wire/metrics.ts'
import { post } from '../../testing/send.ts'
import { ask, startTestCollector } from '../../testing/start-test-collector.ts'

const attributes = (queue: string) => [{ key: 'queue', value: { stringValue: queue } }]
const point = (queue: string, value: number, seconds: number) => ({
  attributes: attributes(queue),
  startTimeUnixNano: '1767225600000000000',
  timeUnixNano: `17672256${String(seconds).padStart(2, '0')}000000000`,
  asInt: String(value),
})
const body = (metrics: readonly object[], service = 'worker') =>
  JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeMetrics: [{ scope: { name: 'jobs' }, metrics }],
      },
    ],
  })
const jobs = (points: readonly object[]) => ({
  name: 'jobs.done',
  unit: '{job}',
  description: 'finished jobs',
  sum: { dataPoints: points, aggregationTemporality: 2, isMonotonic: true },
})

describe('a metric that a service sends', () => {
  test('is listed with the last value of each set of attributes', async () => {
    await using collector = await startTestCollector()
    await post(
      collector,
      body([jobs([point('mail', 1, 1), point('print', 5, 1)])]),
      {},
      '/v1/metrics',
    )
    const histogram = {
      name: 'jobs.time',
      histogram: {
        dataPoints: [{ count: '3', sum: 1.5, bucketCounts: ['3'], explicitBounds: [] }],
        aggregationTemporality: 1,
      },
    }
    await post(collector, body([jobs([point('mail', 2, 9)]), histogram]), {}, '/v1/metrics')
    const { metrics } = v.parse(metricsSchema, await ask(collector, '/api/metrics'))

    expect(metrics).toMatchObject([
      {
        service: 'worker',
        scope: 'jobs',
        name: 'jobs.done',
        description: 'finished jobs',
        unit: '{job}',
        type: 'sum',
        temporality: 'cumulative',
        points: [
          {
            attributes: attributes('mail'),
            value: '2',
            count: null,
            startTime: '2026-01-01T00:00:00.000000000Z',
            time: '2026-01-01T00:00:09.000000000Z',
          },
          { attributes: attributes('print'), value: '5' },
        ],
      },
      {
        name: 'jobs.time',
        type: 'histogram',
        temporality: 'delta',
        points: [{ value: '1.5', count: '3' }],
      },
    ])
  })

  test.each([{ metricPointsMax: 3 }, { metricBytesMax: 3_000 }])(
    'leaves room for others past %o: the quiet ones go, and are counted',
    async (bounds) => {
      await using collector = await startTestCollector({ bounds })
      for (let n = 0; n < 20; n += 1)
        await post(
          collector,
          body([jobs([point('busy', n, 1), point(`queue ${n}`, n, 1)])]),
          {},
          '/v1/metrics',
        )
      const { metrics, evictedPoints } = v.parse(
        metricsSchema,
        await ask(collector, '/api/metrics'),
      )
      const points = metrics[0]?.points ?? []

      expect(points.length).toBeGreaterThan(1)
      expect(points.length).toBeLessThan(6)
      expect(points[0]).toMatchObject({ attributes: attributes('busy'), value: '19' })
      expect(points.length + evictedPoints).toBe(21)
    },
  )
})
