import type { IncomingHttpHeaders } from 'node:http'

/**
 * Tells a collector its own requests when they come back to it, over whatever names and
 * other collectors: each that forwards adds itself to `Via` (RFC 9110, 7.6.3).
 */
export type LoopGuard = {
  /** The `Via` to send with what is forwarded. */
  readonly via: string
  isOwn(headers: IncomingHttpHeaders): boolean
}

export function createLoopGuard(instanceId: string = crypto.randomUUID()): LoopGuard {
  return {
    via: `1.1 ${instanceId}`,
    isOwn: ({ via }) => via?.includes(instanceId) ?? false,
  }
}
