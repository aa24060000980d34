import type { Vector } from './promql/select-series.ts'

const linePattern = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/
const labelPattern = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/y
const escapes: Readonly<Record<string, string>> = { n: '\n' }

/**
 * Reads the samples of one series from the text that `/metrics` gives.
 *
 * @throws Error that quotes a line that is none.
 */
export function parseExposition(text: string, name: string): Vector {
  return text.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return []
    const [, series, labels = '', value] = linePattern.exec(line) ?? []
    if (series === undefined) throw new Error(`expected a sample, got ${JSON.stringify(line)}`)
    return series === name ? [{ labels: parseLabels(labels), value: Number(value) }] : []
  })
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  labelPattern.lastIndex = 0
  while (labelPattern.lastIndex < text.length) {
    const [, name, value] = labelPattern.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new Error(`expected labels, got ${JSON.stringify(text)}`)
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped) => escapes[escaped] ?? escaped)
  }
  return labels
}
