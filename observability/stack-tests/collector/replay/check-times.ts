import { parseMetricsJson } from '../../../otlp/decode-json.ts'
import type { Exemplar, NumberPoint } from '../../../otlp/model.ts'
import { renderAttributes } from './canonical-metrics.ts'
import type { StepResult } from './parity-case.ts'

type TimedPoint = Pick<NumberPoint, 'attributes' | 'startNanos' | 'timeNanos'> & {
  readonly exemplars: readonly Exemplar[]
}

/**
 * Finds mistakes in the times of these flushes. The comparison leaves times out: no two collectors agree on them, but
 * each must agree with itself.
 */
export function checkTimes(steps: readonly StepResult[]): readonly string[] {
  const problems: string[] = []
  let lastTime = 0n
  let lastStarts = new Map<string, bigint>()
  steps.forEach(({ metrics }, index) => {
    const points = readPoints(metrics)
    const starts = new Map<string, bigint>()
    const times = new Set(points.map(([, { timeNanos }]) => timeNanos))
    const report = (text: string) => problems.push(`flush ${index + 1}: ${text}`)
    if (times.size > 1) report(`expected one time for all points, got ${[...times].join(', ')}`)
    for (const [name, { startNanos, timeNanos, exemplars }] of points) {
      if (startNanos > timeNanos) report(`${name} starts at ${startNanos}, after ${timeNanos}`)
      if (timeNanos <= lastTime) report(`${name} is not later than the flush before`)
      const before = lastStarts.get(name)
      // A series that had expired begins anew, but never within what was told already.
      if (before !== undefined && before !== startNanos && startNanos < lastTime) {
        report(`${name} started at ${before}, now at ${startNanos}`)
      }
      if (exemplars.some((it) => it.timeNanos !== timeNanos)) {
        report(`${name} has an exemplar of another time`)
      }
      starts.set(name, startNanos)
    }
    lastStarts = starts
    lastTime = points[0]?.[1].timeNanos ?? lastTime
  })
  return problems
}

function readPoints(json: string): readonly (readonly [string, TimedPoint])[] {
  return parseMetricsJson(json).flatMap(({ resource, scopes }) =>
    scopes.flatMap(({ items }) =>
      items.flatMap(({ name, data }) => {
        if (data.type !== 'sum' && data.type !== 'histogram') return []
        const points: readonly TimedPoint[] = data.points
        return points.map((point) => {
          const owner = renderAttributes(resource.attributes)
          return [`${name} ${renderAttributes(point.attributes)} of ${owner}`, point] as const
        })
      }),
    ),
  )
}
