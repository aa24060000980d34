import { type AcceptRange, parseAccept } from '../../http/parse-accept.ts'

/** `openmetrics` is OpenMetrics 1.0.0, `prometheus` the text format 0.0.4. */
export type ExpositionFormat = 'openmetrics' | 'prometheus'

type Negotiated = { readonly format: ExpositionFormat; readonly contentType: string }

const contentTypes = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
} as const

/**
 * Chooses the format by an `Accept` header (RFC 9110, 12.5.1): the higher `q` wins, then the one
 * that is named first, and OpenMetrics only when it is named. Without a header, or when nothing in
 * it fits, the Prometheus format: a scraper or a person is better served by that than by a 406.
 */
export function negotiateFormat(acceptHeader: string | null): Negotiated {
  const ranges = parseAccept(acceptHeader ?? '')
  const open = findQuality(ranges, 'application/openmetrics-text', ['1.0.0', '0.0.1'])
  const text = findQuality(ranges, 'text/plain', ['0.0.4'])
  const isOpen =
    open.isNamed &&
    open.quality > 0 &&
    (open.quality > text.quality || (open.quality === text.quality && open.index < text.index))
  const format = isOpen ? 'openmetrics' : 'prometheus'
  return { format, contentType: contentTypes[format] }
}

type Quality = { readonly quality: number; readonly index: number; readonly isNamed: boolean }

/** The quality by the most specific range that fits; of equals the best. */
function findQuality(
  ranges: readonly AcceptRange[],
  type: string,
  versions: readonly string[],
): Quality {
  const wildcards = [`${type.split('/', 1)[0]}/*`, '*/*']
  for (const candidate of [type, ...wildcards]) {
    let best: Quality | undefined
    ranges.forEach((range, index) => {
      if (range.type !== candidate) return
      if (range.version !== undefined && !versions.includes(range.version)) return
      if (best === undefined || range.quality > best.quality) {
        best = { quality: range.quality, index, isNamed: candidate === type }
      }
    })
    if (best !== undefined) return best
  }
  return { quality: 0, index: ranges.length, isNamed: false }
}
