import type { Section } from '../layout/arrange.ts'
import {
  runtimeClientErrors,
  runtimeQuantile,
  runtimeRates,
  runtimeServerErrors,
} from '../panels/runtime-panels.ts'

/** Rate, errors and durations of the chosen routes together, one line per runtime. */
export const sideBySideSection: Section = {
  title: 'Side by side, the chosen routes together',
  lines: [
    {
      height: 8,
      panels: [
        runtimeRates('Rate'),
        runtimeServerErrors('Server errors (5xx)'),
        runtimeClientErrors('Client errors (4xx)'),
      ],
    },
    {
      height: 9,
      panels: [
        runtimeQuantile('p50', 0.5),
        runtimeQuantile('p95', 0.95),
        runtimeQuantile('p99', 0.99),
      ],
    },
  ],
}
