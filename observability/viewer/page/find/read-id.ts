/** The ids that a text consists of, such as a trace id, or a `traceparent`. */
export type FoundId = { readonly traceId: string | null; readonly spanId: string | null }

/** @returns `undefined` for a text that is no id alone. */
export function readId(text: string): FoundId | undefined {
  const [, traceId, parentId] =
    /^(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-([0-9a-f]{16})(?:-[0-9a-f]{2})?)?$/i.exec(text) ?? []
  if (traceId !== undefined)
    return { traceId: traceId.toLowerCase(), spanId: parentId?.toLowerCase() ?? null }
  return /^[0-9a-f]{16}$/i.test(text) ? { traceId: null, spanId: text.toLowerCase() } : undefined
}
