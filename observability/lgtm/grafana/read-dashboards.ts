import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

/** A dashboard, as far as it asks for data. */
export type Dashboard = {
  readonly title: string
  /** Of the time that it shows when it is opened. */
  readonly rangeMillis: number
  readonly variables: readonly Variable[]
  readonly queries: readonly PanelQuery[]
}

export type Variable = {
  readonly name: string
  readonly query: string
  readonly datasource: string
  readonly multi: boolean
  readonly includeAll: boolean
  /** What All stands for; `undefined` where it stands for every value. */
  readonly allValue: string | undefined
}

/** One question that a panel asks. */
export type PanelQuery = {
  /** Such as `Todo API Overview › p95 by route › A`, different for each. */
  readonly name: string
  /** The uid of a data source. */
  readonly datasource: string
  readonly expr: string
  readonly isInstant: boolean
  readonly wantsExemplars: boolean
  /** How many log records it takes at the most; `undefined` where it takes none. */
  readonly maxLines: number | undefined
  /** The variable whose values the panel is repeated for, one by one. */
  readonly repeat: string | undefined
}

const datasource = v.object({ uid: v.string() })
const target = v.object({
  refId: v.string(),
  datasource: v.optional(datasource),
  expr: v.string(),
  instant: v.optional(v.boolean(), false),
  exemplar: v.optional(v.boolean(), false),
  maxLines: v.optional(v.number()),
})
const panel = v.object({
  type: v.string(),
  title: v.optional(v.string(), ''),
  datasource: v.optional(datasource),
  targets: v.optional(v.array(target), []),
  repeat: v.optional(v.string()),
})
const row = v.object({ ...panel.entries, panels: v.optional(v.array(panel), []) })
const variable = v.object({
  type: v.literal('query'),
  name: v.string(),
  query: v.string(),
  datasource,
  multi: v.optional(v.boolean(), false),
  includeAll: v.optional(v.boolean(), false),
  allValue: v.optional(v.string()),
})
const dashboard = v.object({
  title: v.string(),
  time: v.object({ from: v.pipe(v.string(), v.regex(/^now-\d+m$/)), to: v.literal('now') }),
  panels: v.array(row),
  templating: v.object({ list: v.array(variable) }),
  // They would be queries too, and nothing here asks them.
  annotations: v.object({ list: v.pipe(v.array(v.unknown()), v.length(0)) }),
})

/**
 * Reads the dashboards as Grafana gets them.
 *
 * @throws Error that names the file and what about it is not understood.
 */
export function readDashboards(folder: string): readonly Dashboard[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.map((name) => {
    const parsed = v.safeParse(dashboard, JSON.parse(readFileSync(join(folder, name), 'utf8')))
    if (parsed.success) return readDashboard(parsed.output)
    const [issue] = parsed.issues
    throw new Error(`${name}: ${v.getDotPath(issue)}: ${issue.message}`)
  })
}

function readDashboard(read: v.InferOutput<typeof dashboard>): Dashboard {
  const { title, time, panels, templating } = read
  return {
    title,
    rangeMillis: Number.parseInt(time.from.slice('now-'.length), 10) * 60_000,
    variables: templating.list.map((it) => ({
      ...it,
      datasource: it.datasource.uid,
      allValue: it.allValue,
    })),
    queries: listPanels(panels).flatMap((one) =>
      one.targets.map((it) => ({
        name: `${title} › ${one.title} › ${it.refId}`,
        datasource: it.datasource?.uid ?? one.datasource?.uid ?? '',
        expr: it.expr,
        isInstant: it.instant,
        wantsExemplars: it.exemplar,
        maxLines: one.type === 'logs' ? (it.maxLines ?? 1000) : undefined,
        repeat: one.repeat,
      })),
    ),
  }
}

/**
 * With each panel the variable that it is repeated for: its own, that of the row that holds it, or that
 * of the row above it.
 */
function listPanels(
  panels: v.InferOutput<typeof dashboard>['panels'],
): readonly v.InferOutput<typeof panel>[] {
  let above: string | undefined
  return panels.flatMap((one) => {
    if (one.type !== 'row') return [{ ...one, repeat: one.repeat ?? above }]
    above = one.repeat
    return one.panels.map((it) => ({ ...it, repeat: it.repeat ?? one.repeat }))
  })
}
