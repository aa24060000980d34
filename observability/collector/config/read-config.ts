import { type ConfigError, createConfigError, quoteValue, shortenText } from './config-error.ts'
import type { ConfigNode } from './config-node.ts'
import { findNearestName } from './nearest-name.ts'
import { parseDuration } from './parse-duration.ts'

/** A key can be as long as the file. */
const pathCharsMax = 200

/**
 * The settings of one map of the file, each asked for by name.
 *
 * A setting that is absent or empty (`null`) reads as its default, as in the Collector.
 */
export type ConfigMap = {
  /** The setting's node, or `undefined` when it is absent or empty. */
  get(name: string): ConfigNode | undefined
  /** The setting's node when it is written at all, even if empty. */
  entry(name: string): ConfigNode | undefined
  readonly names: readonly string[]
  readonly node: ConfigNode
}

/** @throws ConfigError unless the node is a map and, when `names` are given, has no other keys. */
export function readMap(node: ConfigNode, names?: readonly string[]): ConfigMap {
  const { content } = node
  if (content.type !== 'map') throw unexpected(node, 'a map')
  if (names !== undefined) {
    for (const [name, entry] of content.entries) {
      if (!names.includes(name)) throw unknownSetting(entry, name, names)
    }
  }
  return {
    get(name) {
      const entry = content.entries.get(name)
      return entry === undefined || isEmpty(entry) ? undefined : entry
    },
    entry: (name) => content.entries.get(name),
    names: [...content.entries.keys()],
    node,
  }
}

/** The items of a list; `[]` for an absent node. @throws ConfigError for any other node. */
export function readList(node: ConfigNode | undefined): readonly ConfigNode[] {
  if (node === undefined) return []
  if (node.content.type !== 'list') throw unexpected(node, 'a list')
  return node.content.items
}

/** @throws ConfigError for anything but text; a bare number or `true` is not converted. */
export function readText(node: ConfigNode): string {
  const { content } = node
  if (content.type !== 'scalar' || typeof content.value !== 'string') {
    throw unexpected(node, 'a text')
  }
  return content.value
}

/** `[]` for an absent node. @throws ConfigError unless the node is a list of texts. */
export function readTexts(node: ConfigNode | undefined): readonly string[] {
  return readList(node).map(readText)
}

/** `preset` for an absent node. @throws ConfigError for anything but `true` and `false`. */
export function readBoolean(node: ConfigNode | undefined, preset: boolean): boolean {
  if (node === undefined) return preset
  const { content } = node
  if (content.type !== 'scalar' || typeof content.value !== 'boolean') {
    throw unexpected(node, 'true or false')
  }
  return content.value
}

type IntegerRange = { readonly min: number; readonly max: number }

/**
 * `preset` for an absent node.
 *
 * @throws ConfigError for a fraction, or a number outside `min` and `max`, both inclusive.
 */
export function readInteger(
  node: ConfigNode | undefined,
  preset: number,
  { min, max }: IntegerRange,
): number {
  if (node === undefined) return preset
  const { content } = node
  const value = content.type === 'scalar' ? content.value : undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw unexpected(node, `an integer from ${min} to ${max}`)
  }
  return value
}

/**
 * A duration of at least 0, in nanoseconds. A bare number other than 0 is refused: the Collector takes it for
 * nanoseconds, which is never meant.
 */
export function readDuration(node: ConfigNode): bigint {
  const { content } = node
  const value = content.type === 'scalar' ? content.value : undefined
  const nanos = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0n : undefined
  if (nanos === undefined || nanos < 0n) {
    throw unexpected(node, 'a duration of at least 0 with its unit, such as 15s or 7500us')
  }
  return nanos
}

/** Something that the Collector has and the embedded collector has not. */
export function notImplemented(node: ConfigNode, what = describe(node)): ConfigError {
  return failAt(
    node,
    `${what} is not implemented by the embedded collector; remove it, or use the OpenTelemetry Collector (see README)`,
  )
}

/** A ConfigError that says what was expected and what came. */
export function unexpected(node: ConfigNode, expectation: string): ConfigError {
  if (node.content.type === 'unreadable') return failAt(node, node.content.problem)
  return failAt(node, `expected ${expectation}, got ${describe(node)}`)
}

/** A ConfigError with the position of the node. */
export function failAt(node: ConfigNode, message: string): ConfigError {
  const path = node.path === '' ? '' : `${shortenText(node.path, pathCharsMax)}: `
  return createConfigError(node.fileName, node.at, `${path}${message}`)
}

function unknownSetting(node: ConfigNode, name: string, names: readonly string[]): ConfigError {
  if (name === '<<') {
    return failAt(node, 'merge keys are not read here; write the settings out')
  }
  const nearest = findNearestName(name, names)
  const advice =
    nearest === undefined ? `expected one of ${names.join(', ')}` : `did you mean ${nearest}?`
  return failAt(node, `unknown setting; ${advice}`)
}

function isEmpty({ content }: ConfigNode): boolean {
  return content.type === 'scalar' && content.value === null
}

function describe({ content }: ConfigNode): string {
  switch (content.type) {
    case 'scalar':
      return content.value === null ? 'nothing' : quoteValue(content.value)
    case 'list':
      return `a list of ${content.items.length}`
    case 'map':
      return 'a map'
    case 'unreadable':
      return content.problem
  }
}
