import { runsSchema } from '../../wire/runs.ts'
import { runtimesSchema, type SourceCount, servicesSchema } from '../../wire/sources.ts'
import { collectorStatusSchema } from '../../wire/status.ts'
import type { CollectorQuestions } from '../ask-collector.ts'
import { quote } from '../text/quote.ts'
import { defineTool } from './define-tool.ts'

const namesMax = 20
const runsMax = 10

/** What runs, and what is stored. */
export const overview = defineTool({
  name: 'overview',
  title: 'What runs and what is stored',
  description:
    'Says which services and runtimes send telemetry, how much is stored, which earlier runs are kept, and what was refused or had to make room. Ask it first.',
  input: {},
  async answer(collector) {
    const data = await readOverview(collector)
    return { data, text: renderOverview(data), outcome: 'found' }
  },
})

type Overview = Awaited<ReturnType<typeof readOverview>>

async function readOverview(collector: CollectorQuestions) {
  const [status, { services }, { runtimes }, { runs }] = await Promise.all([
    collector.ask('/api/status', {}, collectorStatusSchema),
    collector.ask('/api/services', {}, servicesSchema),
    collector.ask('/api/runtimes', {}, runtimesSchema),
    collector.ask('/api/runs', {}, runsSchema),
  ])
  const { title, version, startTime, uptimeSeconds, stored, evicted, received, rejected } = status
  return {
    collector: { title, version, startTime, uptimeSeconds },
    received,
    rejected,
    stored,
    evicted,
    services,
    runtimes,
    runs,
  }
}

function renderOverview({ collector, stored, evicted, rejected, ...found }: Overview): string {
  const refused = Object.entries(rejected.requests).map(([status, count]) => `${count} × ${status}`)
  return [
    `collector ${quote(collector.title)}, version ${collector.version}, up ${Math.round(collector.uptimeSeconds)} s`,
    `stored: ${stored.traces} traces, ${stored.spans} spans, ${stored.logRecords + stored.looseLogRecords} log records`,
    ...(evicted.traces > 0 ? [`gone to make room: ${evicted.traces} traces`] : []),
    ...(refused.length > 0 ? [`refused requests, by HTTP status: ${refused.join(', ')}`] : []),
    ...listSources('runtimes', found.runtimes),
    ...listSources('services', found.services),
    ...(found.runs.length > 0 ? ['runs that are kept, the newest first:'] : []),
    ...found.runs
      .slice(0, runsMax)
      .map(
        ({ id, spans, logRecords, isCurrent }) =>
          `  ${id}: ${spans} spans, ${logRecords} log records${isCurrent ? ', under way' : ''}`,
      ),
    ...(found.runs.length > runsMax ? [`  and ${found.runs.length - runsMax} more`] : []),
  ].join('\n')
}

function listSources(what: string, sources: readonly SourceCount[]): readonly string[] {
  if (sources.length === 0) return [`${what}: none has sent anything`]
  const more = sources.length - namesMax
  return [
    `${what}:`,
    ...sources
      .slice(0, namesMax)
      .map(
        ({ name, traceCount, spanCount, logCount, lastSeen }) =>
          `  ${quote(name)}: ${traceCount} traces, ${spanCount} spans, ${logCount} log records, last ${lastSeen}`,
      ),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}
