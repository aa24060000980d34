import type { IncomingHttpHeaders } from 'node:http'

/**
 * Recognises the collector's own requests when they come back, over any names and other collectors: each that forwards
 * adds itself to `Via` (RFC 9110, 7.6.3).
 */
export type LoopGuard = {
  /** The `Via` header of forwarded requests. */
  readonly via: string
  isOwn(headers: IncomingHttpHeaders): boolean
}

/** @param instanceId Tells this collector from all others. Defaults to a random UUID. */
export function createLoopGuard(instanceId: string = crypto.randomUUID()): LoopGuard {
  return {
    via: `1.1 ${instanceId}`,
    isOwn: ({ via }) => via?.includes(instanceId) ?? false,
  }
}
