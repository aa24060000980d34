import type { Span } from '../../../otlp/model.ts'
import type { RawPart } from '../series/series-index.ts'

/** The dimensions that every point has unless excluded, in the order in which they appear on it. */
export const defaultDimensions = ['service.name', 'span.name', 'span.kind', 'status.code'] as const

/** A fifth one, the same for all series of one process and so no part of any key. */
export const collectorInstanceId = 'collector.instance.id'

const kindNames = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
] as const

const statusNames = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'] as const

/**
 * Writes the values of the default dimensions to the start of `target`, in their order, and
 * `undefined` for excluded ones. A kind or status without a name becomes the empty text.
 */
export type DefaultDimensionWriter = (service: string, span: Span, target: RawPart[]) => void

/** @param excluded Names of default dimensions that are left `undefined`, as `exclude_dimensions` has them. */
export function createDefaultDimensionWriter(excluded: readonly string[]): DefaultDimensionWriter {
  const [hasService, hasName, hasKind, hasStatus] = defaultDimensions.map(
    (name) => !excluded.includes(name),
  )
  return (service, span, target) => {
    target[0] = hasService ? service : undefined
    target[1] = hasName ? span.name : undefined
    target[2] = hasKind ? (kindNames[span.kind] ?? '') : undefined
    target[3] = hasStatus ? (statusNames[span.status.code] ?? '') : undefined
  }
}
