/**
 * A reader of what `renderMetrics` writes, for tests only: written from the two specifications and
 * sharing nothing with the writer, it refuses whatever a strict scraper would.
 */
export type Exposition = {
  readonly types: ReadonlyMap<string, string>
  readonly samples: readonly ParsedSample[]
}

export type ParsedSample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly exemplar: ParsedExemplar | undefined
}

export type ParsedExemplar = {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly seconds: number
}

const suffixes = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
} as const

export function parseExposition(text: string, format: 'openmetrics' | 'prometheus'): Exposition {
  const isOpen = format === 'openmetrics'
  if (text.includes('\0') || !text.isWellFormed()) throw new Error('not text')
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end')
  const lines = text === '' ? [] : text.slice(0, -1).split('\n')
  if (isOpen && lines.pop() !== '# EOF') throw new Error('no # EOF at the end')
  const types = new Map<string, string>()
  const samples: ParsedSample[] = []
  const seen = new Set<string>()
  let family = ''
  for (const line of lines) {
    if (line.startsWith('#')) {
      const match = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line)
      if (match === null) throw new Error(`bad metadata: ${line}`)
      const [, kind, name = '', rest = ''] = match
      if (kind !== 'TYPE') continue
      if (types.has(name)) throw new Error(`two families ${name}`)
      if (!(rest in suffixes)) throw new Error(`bad type: ${line}`)
      types.set(name, rest)
      family = name
      continue
    }
    const sample = parseSample(line, isOpen)
    checkFamily(sample.name, family, types.get(family), isOpen)
    const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()])
    if (seen.has(identity)) throw new Error(`listed twice: ${line}`)
    seen.add(identity)
    samples.push(sample)
  }
  return { types, samples }
}

function checkFamily(
  name: string,
  family: string,
  type: string | undefined,
  isOpen: boolean,
): void {
  if (type !== 'counter' && type !== 'gauge' && type !== 'histogram') throw new Error('no type')
  // The older format names a counter's family with its suffix and knows no time of creation.
  const allowed = isOpen
    ? suffixes[type]
    : suffixes[type].filter((it) => it !== '_created').map((it) => (it === '_total' ? '' : it))
  if (!allowed.some((suffix) => name === `${family}${suffix}`)) {
    throw new Error(`${name} is not of the family ${family}`)
  }
}

function parseSample(line: string, isOpen: boolean): ParsedSample {
  const cursor = { line, at: 0 }
  const name = take(cursor, /[a-zA-Z_:][a-zA-Z0-9_:]*/y)
  const labels = line[cursor.at] === '{' ? parseLabels(cursor) : {}
  take(cursor, / /y)
  const value = parseNumber(take(cursor, /[^ ]+/y))
  let exemplar: ParsedExemplar | undefined
  if (isOpen && cursor.at < line.length) {
    take(cursor, / # /y)
    const exemplarLabels = parseLabels(cursor)
    const chars = Object.entries(exemplarLabels).flat().join('').length
    if (chars > 128) throw new Error(`an exemplar of ${chars} characters`)
    take(cursor, / /y)
    const exemplarValue = parseNumber(take(cursor, /[^ ]+/y))
    take(cursor, / /y)
    const seconds = parseNumber(take(cursor, /[^ ]+/y))
    exemplar = { labels: exemplarLabels, value: exemplarValue, seconds }
  }
  if (cursor.at !== line.length) throw new Error(`more than a sample: ${line}`)
  return { name, labels, value, exemplar }
}

type Cursor = { readonly line: string; at: number }

function parseLabels(cursor: Cursor): Record<string, string> {
  const labels: [string, string][] = []
  take(cursor, /\{/y)
  while (cursor.line[cursor.at] !== '}') {
    if (labels.length > 0) take(cursor, /,/y)
    const name = take(cursor, /[a-zA-Z_][a-zA-Z0-9_]*/y)
    if (labels.some(([known]) => known === name)) throw new Error(`label ${name} twice`)
    take(cursor, /="/y)
    const escaped = take(cursor, /(?:[^"\\]|\\[\\"n])*/y)
    take(cursor, /"/y)
    const value = escaped.replace(/\\(.)/g, (_, character) =>
      character === 'n' ? '\n' : character,
    )
    if (value === '') throw new Error(`label ${name} is empty`)
    labels.push([name, value])
  }
  take(cursor, /\}/y)
  return Object.fromEntries(labels)
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.line)
  if (match === null) throw new Error(`expected ${pattern} at ${cursor.at} of ${cursor.line}`)
  cursor.at = pattern.lastIndex
  return match[0]
}

function parseNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  if (text === 'NaN') return Number.NaN
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]\d\d+)?$/.test(text)) throw new Error(`bad number: ${text}`)
  return Number(text)
}
