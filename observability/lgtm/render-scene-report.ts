import { queryAt } from './ask-prometheus.ts'
import { programs } from './programs.ts'
import type { Scene } from './scene.ts'

/** What was asked about a scene, and what came of it. */
export type Said = Readonly<
  Record<
    'queries' | 'withData' | 'mismatches' | 'exemplars' | 'lookedUp' | 'searchesNotSent',
    number
  >
>

/** Some lines for whoever ran the tests. */
export async function renderSceneReport(scene: Scene, said: Said): Promise<string> {
  const count = 'count({__name__=~"traces_spanmetrics_.+"})'
  const [series] = await queryAt(scene.lgtm.prometheusUrl, count, scene.lastMillis)
  const { driven, runtimes, spans, logs } = scene
  const versions = Object.values(programs).map(
    ({ title, variable, inLgtm }) => `${process.env[variable] ?? title}; LGTM has ${inLgtm}`,
  )
  return [
    '',
    ...versions,
    `${driven.length} requests on ${runtimes.length} runtimes: ${spans.length} spans, ${logs.length} log records, ${series?.value} series`,
    `${said.queries} queries run, ${said.withData} with data, ${said.mismatches} mismatches`,
    `${said.exemplars} exemplars, ${said.lookedUp} traces looked up in Tempo`,
    `${said.searchesNotSent} links to a search in Tempo were held against the spans, and not sent: no Tempo that knows TraceQL can be built`,
    '',
    '',
  ].join('\n')
}
