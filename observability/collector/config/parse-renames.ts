import type { MetricRename } from '../span-metrics/rename-metrics.ts'
import { type ConfigError, shortenText } from './config-error.ts'
import type { ConfigNode } from './config-node.ts'
import { failAt, readList, readMap, readText, unexpected } from './read-config.ts'

const statementsMax = 1000

type Context = 'metric' | 'datapoint'

/** The forms of OTTL that are understood, with a text that has no escapes at each `$`. */
const forms = {
  name: createForm('set(metric.name, $) where metric.name == $'),
  unit: createForm('set(metric.unit, $) where metric.name == $'),
  attribute: createForm(
    'set(datapoint.attributes[$], datapoint.attributes[$]) where datapoint.attributes[$] != nil',
  ),
} as const

/**
 * Reads the statements of one `transform` processor.
 *
 * @throws ConfigError on every statement of another form: skipping one would give other series
 * than the Collector gives.
 */
export function parseRenames(node: ConfigNode): readonly MetricRename[] {
  const map = readMap(node, [
    'error_mode',
    'metric_statements',
    'trace_statements',
    'log_statements',
    'profile_statements',
    'flatten_data',
  ])
  readErrorMode(map.get('error_mode'))
  for (const name of ['trace_statements', 'log_statements', 'profile_statements', 'flatten_data']) {
    const setting = map.get(name)
    if (setting !== undefined) {
      throw failAt(
        setting,
        'not read in the pipeline of the span metrics; move it to a separate processor',
      )
    }
  }
  const renames = readList(map.get('metric_statements')).flatMap(parseGroup)
  if (renames.length > statementsMax) {
    throw failAt(node, `expected at most ${statementsMax} statements, got ${renames.length}`)
  }
  return renames
}

/** Statements stand in groups with a context, or bare, when their paths say the context. */
function parseGroup(node: ConfigNode): readonly MetricRename[] {
  if (node.content.type !== 'map') return [parseStatement(node, undefined)]
  const map = readMap(node, ['context', 'error_mode', 'statements', 'conditions'])
  readErrorMode(map.get('error_mode'))
  const conditions = map.get('conditions')
  if (conditions !== undefined && readList(conditions).length > 0) {
    throw failAt(
      conditions,
      'conditions of a group are not understood; write them into each statement',
    )
  }
  const contextNode = map.get('context')
  const context = contextNode === undefined ? undefined : readText(contextNode)
  if (contextNode !== undefined && context !== 'metric' && context !== 'datapoint') {
    throw unexpected(contextNode, 'metric or datapoint')
  }
  const known = context === 'metric' || context === 'datapoint' ? context : undefined
  return readList(map.get('statements')).map((statement) => parseStatement(statement, known))
}

function parseStatement(node: ConfigNode, context: Context | undefined): MetricRename {
  const statement = readText(node).trim()
  const name = forms.name.exec(statement)
  const unit = forms.unit.exec(statement)
  const attribute = forms.attribute.exec(statement)
  if (context !== 'datapoint') {
    if (name?.[1] !== undefined && name[2] !== undefined) {
      return { type: 'name', from: name[2], to: name[1] }
    }
    if (unit?.[1] !== undefined && unit[2] !== undefined) {
      return { type: 'unit', metric: unit[2], unit: unit[1] }
    }
  }
  if (context !== 'metric' && attribute?.[1] !== undefined && attribute[2] !== undefined) {
    if (attribute[2] === attribute[3]) {
      return { type: 'attribute', from: attribute[2], to: attribute[1] }
    }
  }
  throw notUnderstood(node, statement, context)
}

function notUnderstood(
  node: ConfigNode,
  statement: string,
  context: Context | undefined,
): ConfigError {
  const examples = [
    ...(context === 'datapoint'
      ? []
      : [
          'set(metric.name, "b") where metric.name == "a"',
          'set(metric.unit, "u") where metric.name == "a"',
        ]),
    ...(context === 'metric'
      ? []
      : [
          'set(datapoint.attributes["b"], datapoint.attributes["a"]) where datapoint.attributes["a"] != nil',
        ]),
  ]
  return failAt(
    node,
    `not understood by the embedded collector: ${shortenText(statement)}; expected ${examples.join(' or ')}`,
  )
}

/** An error of these statements cannot happen, so what to do about one makes no difference. */
function readErrorMode(node: ConfigNode | undefined): void {
  if (node === undefined) return
  if (!['ignore', 'silent', 'propagate'].includes(readText(node))) {
    throw unexpected(node, 'ignore, silent or propagate')
  }
}

/** OTTL allows any white space between its tokens. */
function createForm(form: string): RegExp {
  const tokens = form.match(/[\w.]+|==|!=|\S/g) ?? []
  const pattern = tokens.map((token) => {
    if (token === '$') return '"([^"\\\\]*)"'
    if (token === 'where') return '\\bwhere\\b'
    return token.replace(/[^\w]/g, '\\$&')
  })
  return new RegExp(`^${pattern.join('\\s*')}$`)
}
