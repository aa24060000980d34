import type { ConfigNode } from './config-node.ts'
import { type ConfigMap, failAt, readMap, readText, readTexts } from './read-config.ts'

/** One pipeline of `service.pipelines`, by the names of what it is made of. */
export type Pipeline = {
  readonly node: ConfigNode
  readonly signal: string
  readonly receivers: readonly string[]
  readonly processors: readonly ConfigNode[]
  readonly exporters: readonly string[]
}

/** The pipeline that feeds the connector and the one that it feeds. */
export type SpanMetricsPipelines = { readonly traces: Pipeline; readonly metrics: Pipeline }

/** Components that only pace or protect the Collector and leave what passes as it is. */
const transparentProcessors = ['memory_limiter', 'batch']

/** @throws ConfigError unless there is exactly one of each. */
export function findPipelines(root: ConfigMap, connector: ConfigNode): SpanMetricsPipelines {
  const name = componentName(connector)
  const service = root.get('service')
  const pipelinesNode = service && readMap(service).get('pipelines')
  if (pipelinesNode === undefined) {
    throw failAt(service ?? root.node, 'expected service.pipelines, got none')
  }
  const pipelines = [...readEntries(pipelinesNode)].map(readPipeline)
  return {
    traces: expectOne(
      pipelines.filter((it) => it.signal === 'traces' && it.exporters.includes(name)),
      pipelinesNode,
      `traces pipeline with ${name} among its exporters`,
    ),
    metrics: expectOne(
      pipelines.filter((it) => it.signal === 'metrics' && it.receivers.includes(name)),
      pipelinesNode,
      `metrics pipeline with ${name} as its receiver`,
    ),
  }
}

/** The processors of a pipeline that do something to what passes. */
export function activeProcessors(pipeline: Pipeline): readonly ConfigNode[] {
  return pipeline.processors.filter(
    (node) => !transparentProcessors.includes(componentType(readText(node))),
  )
}

/** `transform` of `transform/names`. */
export function componentType(id: string): string {
  return id.split('/', 1)[0] ?? id
}

/** `transform/names` of `processors.transform/names`. */
function componentName(node: ConfigNode): string {
  return node.path.slice(node.path.indexOf('.') + 1)
}

function* readEntries(node: ConfigNode): Generator<readonly [string, ConfigNode]> {
  const map = readMap(node)
  for (const name of map.names) {
    const entry = map.get(name)
    if (entry !== undefined) yield [name, entry]
  }
}

function readPipeline([id, node]: readonly [string, ConfigNode]): Pipeline {
  const map = readMap(node, ['receivers', 'processors', 'exporters'])
  const processors = map.get('processors')
  return {
    node,
    signal: componentType(id),
    receivers: readTexts(map.get('receivers')),
    processors: processors === undefined ? [] : readItems(processors),
    exporters: readTexts(map.get('exporters')),
  }
}

function readItems(node: ConfigNode): readonly ConfigNode[] {
  readTexts(node)
  return node.content.type === 'list' ? node.content.items : []
}

function expectOne(found: readonly Pipeline[], at: ConfigNode, what: string): Pipeline {
  const [first, second] = found
  if (first === undefined) throw failAt(at, `expected one ${what}, got none`)
  if (second !== undefined) throw failAt(second.node, `expected one ${what}, got a second one`)
  return first
}
