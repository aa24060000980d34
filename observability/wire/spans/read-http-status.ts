import { readAttribute, type Span } from '../../otlp/model.ts'

/** The status of the answer as a number, whatever type was sent: Deno's own spans have a string or a double. */
export function readHttpStatus({ attributes }: Pick<Span, 'attributes'>): number | undefined {
  const value = readAttribute(attributes, 'http.response.status_code')
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
  return typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : undefined
}
