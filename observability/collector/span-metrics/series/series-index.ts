import type { AnyValue } from '../../../otlp/model.ts'
import { attributeText } from '../dimensions/attribute-text.ts'
import type { KeyPart, Series } from './series.ts'

/** A raw value as it stands on a span; looked up without making a text of it. */
export type RawPart = AnyValue | undefined

/**
 * Finds series by their key, one part of the key per level of a tree.
 *
 * Not a Map from a joined key: joining makes a new string for every span, which then has to be
 * flattened and hashed, and needs a separator that no value may hold. Here a known series is found
 * with comparisons alone, mostly of one pointer with another, since consecutive spans share most of
 * their parts and every node remembers the child it gave last.
 */
export type SeriesIndex = {
  /** The series at that key, or `undefined`. Allocates nothing when there is one. */
  find(parts: readonly RawPart[]): Series | undefined
  /** Adds a series under `series.path`, which has as many parts as every other. */
  add(series: Series): void
}

type Node = {
  lastKey: RawPart
  lastChild: Node | undefined
  /** All children, once there is more than one way to them. */
  children: Map<RawPart, Node> | undefined
  series: Series | undefined
}

/** An empty tree, which grows with every series. A series cannot be removed: build a new tree. */
export function createSeriesIndex(): SeriesIndex {
  const root = createNode()
  return {
    find(parts) {
      let node = root
      for (const part of parts) {
        const child =
          node.lastKey === part && node.lastChild !== undefined
            ? node.lastChild
            : findChild(node, part)
        if (child === undefined) return undefined
        node = child
      }
      return node.series
    },
    add(series) {
      let node = root
      for (const part of series.path) node = findChild(node, part) ?? addChild(node, part)
      node.series = series
    },
  }
}

/** The key by which series are told apart: types are not, so 200 and "200" are one series. */
export function keyPart(raw: RawPart): KeyPart {
  return raw === undefined ? undefined : attributeText(raw)
}

function findChild(node: Node, raw: RawPart): Node | undefined {
  const known = hasShortcut(raw) ? getChild(node, raw) : undefined
  if (known !== undefined || raw === undefined || typeof raw === 'string') return known
  const child = getChild(node, attributeText(raw))
  // The next 200n is then found as it is. One more way per type at most, so this stays bounded.
  if (child !== undefined && hasShortcut(raw)) setChild(node, raw, child)
  return child
}

/** Not numbers: NaN equals nothing and -0 equals 0, while their texts say otherwise. Nor objects. */
function hasShortcut(raw: RawPart): boolean {
  return typeof raw !== 'number' && (typeof raw !== 'object' || raw === null)
}

function getChild(node: Node, key: RawPart): Node | undefined {
  if (node.children === undefined) return node.lastKey === key ? node.lastChild : undefined
  const child = node.children.get(key)
  if (child !== undefined) {
    node.lastKey = key
    node.lastChild = child
  }
  return child
}

function setChild(node: Node, key: RawPart, child: Node): void {
  if (node.lastChild !== undefined) {
    node.children ??= new Map([[node.lastKey, node.lastChild]])
    node.children.set(key, child)
  }
  node.lastKey = key
  node.lastChild = child
}

function addChild(node: Node, key: KeyPart): Node {
  const child = createNode()
  setChild(node, key, child)
  return child
}

function createNode(): Node {
  return { lastKey: undefined, lastChild: undefined, children: undefined, series: undefined }
}
