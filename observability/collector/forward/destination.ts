import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Signal } from '../../otlp/signal.ts'
import { isLoopback } from '../../plumbing/is-loopback.ts'

/** Where to forward to: an OTLP/HTTP endpoint as `OTEL_EXPORTER_OTLP_ENDPOINT` names it, without `/v1/…`. */
export type Destination = {
  readonly endpoint: string
  /** Sent with every request, such as `authorization`. Never logged, never shown. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The address of one signal below an endpoint.
 *
 * @throws Error in one sentence that does not repeat a password in the address.
 */
export function signalUrl(endpoint: string, signal: Signal): string {
  const url = parseEndpoint(endpoint)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`
  return url.href
}

/** @throws Error as `signalUrl`. */
export function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error('forward endpoint: expected an address such as http://127.0.0.1:4318')
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error('forward endpoint: expected no user or password in it, use a forward header')
  }
  return url
}

/** An endpoint as it may be logged: its query may hold a key. */
export function renderEndpoint(endpoint: string): string {
  const url = parseEndpoint(endpoint)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/**
 * Whether an endpoint is plainly the collector that listens on `host` and `port`.
 * What it cannot see, such as a name that leads back here, `createLoopGuard` finds.
 */
export function isOwnEndpoint(endpoint: string, own: { host: string; port: number }): boolean {
  const url = parseEndpoint(endpoint)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (port !== own.port) return false
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isHere = isLoopback(host) || host === '::' || host === '0.0.0.0'
  return host === own.host || isHere || isLocalAddress(host)
}

function isLocalAddress(host: string): boolean {
  if (isIP(host) === 0) return false
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === host),
  )
}
