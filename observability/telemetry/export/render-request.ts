import { encodeAttributes, encodeScope, quote } from '../spans/encode-span.ts'
import { type Held, joinBytes } from './held-bytes.ts'

/** The body of a request to `/v1/traces` or `/v1/logs`, in UTF-8. */
export function renderRequest(
  signal: 'spans' | 'logRecords',
  items: readonly Held[],
): Uint8Array<ArrayBuffer> {
  const [outer, inner] =
    signal === 'spans' ? ['resourceSpans', 'scopeSpans'] : ['resourceLogs', 'scopeLogs']
  const groups: Held[][] = []
  for (const item of items) {
    const group = groups.find(
      ([first]) => first?.resource === item.resource && first.scope === item.scope,
    )
    if (group === undefined) groups.push([item])
    else group.push(item)
  }
  const rendered = groups.flatMap((group, index) => {
    const { resource, scope } = group[0] ?? {}
    const schema = resource?.schemaUrl ? `,"schemaUrl":${quote(resource.schemaUrl)}` : ''
    const scopeSchema = scope?.schemaUrl ? `,"schemaUrl":${quote(scope.schemaUrl)}` : ''
    return [
      `${index === 0 ? '' : ','}{"resource":{"attributes":[${encodeAttributes(resource?.attributes ?? {})}]},"${inner}":[{"scope":${encodeScope(scope)},"${signal}":[`,
      group,
      `]${scopeSchema}}]${schema}}`,
    ]
  })
  return joinBytes([`{"${outer}":[`, ...rendered, ']}'])
}
