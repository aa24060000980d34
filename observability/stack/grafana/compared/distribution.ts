import type { Section } from '../layout/arrange.ts'
import { logs } from '../links/logs.ts'
import { requestTraces } from '../links/traces.ts'
import { heatmapPanel } from '../panels/heatmap-panel.ts'
import { latencyBuckets } from '../queries/measures.ts'
import { requests } from '../queries/spans.ts'

/** A heatmap of durations for each chosen runtime. */
export const distributionSection: Section = {
  title: 'Distribution',
  lines: [
    {
      height: 9,
      panels: [
        heatmapPanel({
          title: 'Durations on $runtime',
          description:
            'How many requests per second took how long; darker is more. Each point is a request; it opens its trace.',
          noValue: 'no requests',
          buckets: latencyBuckets(requests),
          repeat: 'runtime',
          links: [requestTraces('Traces on this runtime'), logs('Log records of this runtime')],
        }),
      ],
    },
  ],
}
