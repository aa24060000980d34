import { parseAccept } from '../http/parse-accept.ts'

/**
 * The coding that an `Accept-Encoding` wants most of the two that there are; of equals gzip, which is smaller. Undefined
 * when it wants neither.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function chooseCoding(header: string | undefined): 'gzip' | 'identity' | undefined {
  const ranges = parseAccept(header ?? '')
  const qualityOf = (...names: readonly string[]) =>
    ranges.find(({ type }) => names.includes(type))?.quality ?? ranges.find(isAny)?.quality
  const gzip = qualityOf('gzip', 'x-gzip') ?? 0
  const identity = qualityOf('identity') ?? (gzip > 0 ? Number.MIN_VALUE : 1)
  if (gzip > 0 && gzip >= identity) return 'gzip'
  return identity > 0 ? 'identity' : undefined
}

function isAny({ type }: { readonly type: string }): boolean {
  return type === '*'
}
