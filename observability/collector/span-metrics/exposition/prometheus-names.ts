/** Units whose word is not their OTLP sign (UCUM). */
const unitWords: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['1', ''],
  ['%', 'percent'],
])

/** After a slash a unit is singular. */
const perUnitWords: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
])

/** The types of the Prometheus text format that span metrics can have. */
export type MetricType = 'counter' | 'gauge' | 'histogram'

/**
 * The name that Prometheus gives an OTLP metric, without the `_total` of counters.
 *
 * The rule of Prometheus' own OTLP endpoint (`UnderscoreEscapingWithSuffixes`), so that a scrape of
 * this process and an export to Prometheus give the same series.
 */
export function toMetricName(name: string, unit: string, type: MetricType): string {
  const tokens = name.split(/[^A-Za-z0-9:]+/).filter((token) => token !== '')
  for (const word of toUnitWords(unit)) if (!tokens.includes(word)) tokens.push(word)
  const last = unit === '1' && type === 'gauge' ? 'ratio' : type === 'counter' ? 'total' : undefined
  const kept = last === undefined ? tokens : tokens.filter((token) => token !== last)
  if (last === 'ratio') kept.push(last)
  const joined = kept.join('_')
  return /^\d/.test(joined) ? `_${joined}` : joined
}

/** The unit as it ends a name, such as `seconds` or `bytes_per_second`; may be empty. */
export function toUnitName(unit: string): string {
  return toUnitWords(unit).join('_')
}

function toUnitWords(unit: string): readonly string[] {
  const slash = unit.indexOf('/')
  const main = cleanUnit(slash < 0 ? unit : unit.slice(0, slash), unitWords)
  const per = slash < 0 ? '' : cleanUnit(unit.slice(slash + 1), perUnitWords)
  return [main, per === '' ? '' : `per_${per}`].filter((word) => word !== '')
}

/** What stands in braces is an annotation, not a unit. */
function cleanUnit(sign: string, words: ReadonlyMap<string, string>): string {
  const trimmed = sign.trim()
  if (/[{}]/.test(trimmed)) return ''
  return (words.get(trimmed) ?? trimmed).replace(/[^A-Za-z0-9:]+/g, '_').replace(/^_|_$/g, '')
}

/** The label of an attribute; `undefined` when nothing of its name can be used. */
export function toLabelName(key: string): string | undefined {
  const name = key.replace(/[^A-Za-z0-9]+/gu, '_')
  if (name === '' || name === '_') return undefined
  return /^\d/.test(name) ? `key_${name}` : name
}
