import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'

/** A configuration file, or what is about to become one. */
export type ConfigFile = { readonly name: string; readonly text: string }

/**
 * Puts the place in front of what the OpenTelemetry Collector says of a configuration: it names
 * settings but no lines.
 *
 * Every word that it quotes is followed into the file as far as it leads; where most words lead is
 * the place. Without any, it is the first line of the last file.
 *
 * @returns `file:line: message`.
 */
export function locateError(message: string, files: readonly ConfigFile[]): string {
  const sentence = tidy(message)
  let best = { place: `${files.at(-1)?.name ?? ''}:1`, words: 0 }
  // From the last, which is laid over those before it: of equals it is what was edited.
  for (const { name, text } of files.toReversed()) {
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' })
    const [error] = document.errors
    if (error !== undefined) {
      const { line } = lines.linePos(error.pos[0])
      return `${name}:${line}: not valid YAML: ${tidy(error.message.split('\n', 1)[0] ?? '')}`
    }
    const found = follow(readWords(message), document.contents)
    if (found.words > best.words) {
      best = { place: `${name}:${lines.linePos(found.offset).line}`, words: found.words }
    }
  }
  return `${best.place}: ${sentence}`
}

/** One sentence of the nested ones, without the words that say only that something is wrong. */
function tidy(message: string): string {
  return message
    .replace(/\s+/g, ' ')
    .replace(/^Error: /, '')
    .replace('failed to get config: ', '')
    .replace('cannot unmarshal the configuration: ', '')
    .replaceAll(`'' ${empty}: `, '')
    .replaceAll(new RegExp(`:? ?${empty.replace(/[()]/g, '\\$&')}:`, 'g'), ':')
    .replace(/: +:/g, ':')
    .replace(/^[: ]+/, '')
    .trim()
}

const empty = 'decoding failed due to the following error(s)'

/** What the message quotes, and the paths that it names, in the order in which it does. */
function readWords(message: string): readonly string[] {
  const pattern =
    /"((?:[^"\\]|\\.)*)"|'([^'\n]*)'|`([^`\n]*)`|([\w/]+(?:::[\w/]+)+)|invalid keys: ([^\n]+)/g
  return [...message.matchAll(pattern)].flatMap(([, double, single, back, path, keys]) => {
    if (double !== undefined) return [parseGoText(double)]
    if (path !== undefined) return path.split('::')
    if (keys !== undefined) return keys.split(', ')
    return single ?? back ?? []
  })
}

function parseGoText(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    // Go escapes what JSON does not know, such as \x00.
    return text
  }
}

type Found = { readonly offset: number; readonly words: number }

function follow(words: readonly string[], root: Node | null): Found {
  let node = root
  let found: Found = { offset: 0, words: 0 }
  for (const word of words) {
    const target = findWord(node, word) ?? findPath(node, word)
    if (target === undefined) continue
    node = target.node
    found = { offset: target.offset, words: found.words + 1 }
  }
  return found
}

type Target = { readonly node: Node | null; readonly offset: number }

/** The nearest key or value of that text: of this node itself, else of what is below it. */
function findWord(node: Node | null, word: string): Target | undefined {
  const pairs = isMap(node) ? node.items : []
  for (const pair of pairs) if (keyOf(pair) === word) return targetOf(pair)
  for (const child of isSeq(node) ? node.items : pairs.map(({ value }) => value)) {
    // Items and values are nodes in a document that was parsed; only one that is built has others.
    const below = child as Node | null
    if (isScalar(below) && String(below.value).replaceAll('$$', '$') === word) {
      return { node: below, offset: below.range?.[0] ?? 0 }
    }
    const found = findWord(below, word)
    if (found !== undefined) return found
  }
  return undefined
}

/** Such as `histogram.explicit.buckets[0]`. */
function findPath(node: Node | null, path: string): Target | undefined {
  let target: Target | undefined
  for (const [, name, index] of path.matchAll(/([\w/]+)|\[(\d+)\]/g)) {
    const within: Node | null = target === undefined ? node : target.node
    if (name !== undefined && isMap(within)) {
      const pair = within.items.find((it) => keyOf(it) === name)
      target = pair === undefined ? undefined : targetOf(pair)
    } else if (index !== undefined && isSeq(within)) {
      // As above: an item of a parsed list is a node.
      const item = within.items[Number(index)] as Node | undefined
      target = item === undefined ? undefined : { node: item, offset: item.range?.[0] ?? 0 }
    } else return undefined
    if (target === undefined) return undefined
  }
  return target
}

function keyOf({ key }: Pair<unknown, unknown>): string | undefined {
  return isScalar(key) ? String(key.value) : undefined
}

function targetOf(pair: Pair<unknown, unknown>): Target {
  // As above: a value of a parsed map is a node, or null.
  const node = pair.value as Node | null
  return { node, offset: isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0 }
}
