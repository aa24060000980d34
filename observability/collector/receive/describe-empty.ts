import type { PartialSuccess } from '../../otlp/response/encode-response.ts'
import { groupNames } from '../../otlp/shared/group-names.ts'
import type { ExportRequest } from './decode-request.ts'
import type { WireRequest } from './receiver.ts'

/**
 * A warning for a sender whose request had content, but not one span, log record or metric:
 * it sent another signal, or under other names. `undefined` for all other requests, and for
 * an empty one, which is a success.
 */
export function describeEmpty(
  { groups }: ExportRequest,
  { signal, encoding, body }: WireRequest,
): PartialSuccess | undefined {
  for (const { scopes } of groups) {
    for (const { items } of scopes) if (items.length > 0) return undefined
  }
  const { resources, scopes, items } = groupNames[signal]
  if (encoding === 'protobuf') {
    if (body.length === 0) return undefined
  } else if (isEmptyJson(body, resources)) return undefined
  const [, firstName] = /^\s*\{\s*("\w{1,40}")/.exec(body.toString('latin1', 0, 100)) ?? []
  const got = encoding === 'json' && firstName !== undefined ? `, got ${firstName}` : ''
  const message = `nothing was found in the request: expected ${resources}[].${scopes}[].${items}[]${got}`
  return { rejected: 0, message }
}

function isEmptyJson(body: Buffer, resources: string): boolean {
  if (body.length > 100) return false
  return ['{}', `{"${resources}":[]}`].includes(body.toString().replace(/\s/g, ''))
}
