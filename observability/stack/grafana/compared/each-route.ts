import type { Section } from '../layout/arrange.ts'
import {
  runtimeClientErrors,
  runtimeQuantile,
  runtimeRates,
  runtimeServerErrors,
} from '../panels/runtime-panels.ts'

/** Within a section that is repeated for a variable, the variable is one value: here, one route. */
export const eachRouteSection: Section = {
  title: '$route',
  repeat: 'route',
  lines: [
    {
      height: 8,
      panels: [
        runtimeRates('Rate of this route'),
        runtimeServerErrors('5xx of this route'),
        runtimeClientErrors('4xx of this route'),
        runtimeQuantile('p50 of this route', 0.5),
        runtimeQuantile('p95 of this route', 0.95),
        runtimeQuantile('p99 of this route', 0.99),
      ],
    },
  ],
}
