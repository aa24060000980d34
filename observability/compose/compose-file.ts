import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml'

/** Where something stands in a file, such as `['services', 'node', 'ports', 0]`. */
export type Path = readonly (string | number)[]

/** What is wrong, and where. */
export type Problem = { readonly path: Path; readonly message: string }

export type ComposeFile = {
  readonly name: string
  /** Its content, with aliases and merges (`<<`) carried out, and variables as they are written. */
  readonly root: unknown
  /** `file:line` of a path, or of as much of it as there is. What was merged in stands where it was written. */
  locate(path: Path): string
}

/** Not YAML; the message begins with `file:line`. */
export class ComposeFileError extends Error {
  override readonly name = 'ComposeFileError'
}

/** @throws ComposeFileError when the text is no YAML. */
export function parseComposeFile(name: string, text: string): ComposeFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) {
    const sentence = error.message.split('\n', 1)[0]?.replace(/ at line \d+.*$/, '')
    throw new ComposeFileError(
      `${name}:${lines.linePos(error.pos[0]).line}: not valid YAML: ${sentence}`,
    )
  }
  return {
    name,
    root: document.toJS(),
    locate: (path) => `${name}:${lines.linePos(findOffset(document, path)).line}`,
  }
}

/** A problem as a person reads it: `compose.yaml:12: services.node.ports[0]: …`. */
export function renderProblem(file: ComposeFile, { path, message }: Problem): string {
  const words = path.map((word, at) =>
    typeof word === 'number' ? `[${word}]` : at === 0 ? word : `.${word}`,
  )
  return [file.locate(path), ...(words.length === 0 ? [] : [words.join('')]), message].join(': ')
}

function findOffset(document: Document, path: Path): number {
  let node = resolve(document, document.contents)
  let offset = 0
  for (const word of path) {
    const found = isMap(node) ? findPair(document, node, word) : undefined
    if (found !== undefined) {
      offset = isScalar(found.key) ? (found.key.range?.[0] ?? offset) : offset
      node = resolve(document, found.value)
    } else if (isSeq(node) && typeof word === 'number') {
      node = resolve(document, node.items[word])
      offset = node?.range?.[0] ?? offset
    } else return offset
  }
  return offset
}

/** The pair of a key: a map's own, else that of a map which is merged in. */
function findPair(document: Document, node: Node, word: string | number): Pair | undefined {
  if (!isMap(node)) return undefined
  const own = node.items.find(({ key }) => readKey(key) === String(word))
  if (own !== undefined) return own
  const merges = node.items.filter(({ key }) => readKey(key) === '<<')
  for (const { value } of merges) {
    const merged = resolve(document, value)
    for (const one of isSeq(merged) ? merged.items : [merged]) {
      const map = resolve(document, one)
      const found = map === null ? undefined : findPair(document, map, word)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** A merge's key is a symbol. */
function readKey(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined
  return typeof key.value === 'symbol' ? key.value.description : String(key.value)
}

function resolve(document: Document, value: unknown): Node | null {
  if (isAlias(value)) return value.resolve(document) ?? null
  return isMap(value) || isSeq(value) || isScalar(value) ? value : null
}
