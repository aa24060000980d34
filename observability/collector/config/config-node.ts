import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { createConfigError, type Position, shortenText } from './config-error.ts'
import { type Environment, expandEnvironment } from './expand-environment.ts'

/**
 * A value of the file, with where it stands and what it is called.
 *
 * A list and a map of our own instead of plain objects, because an error must point at a line, and
 * a key such as `__proto__` must be a key like any other.
 */
export type ConfigNode = {
  readonly fileName: string
  /** Position of the node's key, or of the node itself if it has no key. */
  readonly at: Position
  /** Such as `connectors.span_metrics.dimensions[2].name`; empty for the whole file. */
  readonly path: string
  readonly content: ConfigContent
}

type ConfigContent =
  | { readonly type: 'scalar'; readonly value: ConfigScalar }
  | { readonly type: 'list'; readonly items: readonly ConfigNode[] }
  | { readonly type: 'map'; readonly entries: ReadonlyMap<string, ConfigNode> }
  /** Something that is only an error where it is needed, such as an unknown `${…}`. */
  | { readonly type: 'unreadable'; readonly problem: string }

type ConfigScalar = string | number | boolean | null

/**
 * Reads YAML 1.2 into nodes.
 *
 * @throws ConfigError with line and column, unless the text is one well-formed document.
 */
export function parseConfigNodes(
  text: string,
  fileName: string,
  environment: Environment,
): ConfigNode {
  const start = { line: 1, column: 1 }
  const lines = new LineCounter()
  // Warnings are about tags; without silence the library would print them.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  })
  const toPosition = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const [error] = document.errors
  if (error !== undefined) {
    const at = toPosition(error.pos[0])
    throw createConfigError(fileName, at, `not valid YAML: ${lowerFirst(error.message)}`)
  }
  const context = { fileName, environment, toPosition, anchors: new Map() }
  return convert(context, document.contents, '', start)
}

type Context = {
  readonly fileName: string
  readonly environment: Environment
  /** Followed by hand: the library searches the whole document again for every alias. */
  readonly anchors: Map<string, ParsedNode>
  readonly toPosition: (offset: number) => Position
}

function convert(
  context: Context,
  node: ParsedNode | null,
  path: string,
  at: Position,
): ConfigNode {
  const content = convertContent(context, node, path, at)
  // Only now, so that nothing can contain itself.
  if (node !== null && !isAlias(node) && node.anchor !== undefined)
    context.anchors.set(node.anchor, node)
  return { fileName: context.fileName, at, path, content }
}

function convertContent(
  context: Context,
  node: ParsedNode | null,
  path: string,
  at: Position,
): ConfigContent {
  if (isAlias(node)) {
    const target = context.anchors.get(node.source)
    if (target === undefined) {
      return {
        type: 'unreadable',
        problem: `*${shortenText(node.source)} names no anchor above it`,
      }
    }
    return convert(context, target, path, at).content
  }
  if (isMap(node)) return convertMap(context, node, path)
  if (isSeq(node)) {
    const items = node.items.map((item, index) => {
      const place = context.toPosition(item.range[0])
      return convert(context, item, `${path}[${index}]`, place)
    })
    return { type: 'list', items }
  }
  return convertScalar(context, isScalar(node) ? node.value : null)
}

function convertMap(context: Context, node: YAMLMap.Parsed, path: string): ConfigContent {
  const entries = new Map<string, ConfigNode>()
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : undefined
    if (name === undefined) return { type: 'unreadable', problem: 'expected a plain key' }
    const keyPath = path === '' ? name : `${path}.${name}`
    entries.set(name, convert(context, value, keyPath, context.toPosition(key.range[0])))
  }
  return { type: 'map', entries }
}

function convertScalar(context: Context, value: unknown): ConfigContent {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') {
    return { type: 'scalar', value }
  }
  if (typeof value !== 'string') return { type: 'unreadable', problem: 'expected a plain value' }
  const expanded = expandEnvironment(value, context.environment)
  if ('problem' in expanded) return { type: 'unreadable', problem: expanded.problem }
  return { type: 'scalar', value: expanded.value }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
