import { isLoopback } from '../../../plumbing/is-loopback.ts'

/**
 * Names and addresses by which this machine and its containers, such as a Prometheus, reach the collector. A stranger
 * cannot own a name below `.localhost` or `.internal`: they are reserved for such use.
 */
const localName = /^(?:.+\.localhost|host\.(?:docker|containers)\.internal)$/

/**
 * Whether a `Host` header names this collector by a name it is known to have, with any port.
 *
 * A web page can point its own name at 127.0.0.1 and then read the collector as its own (DNS rebinding). It cannot make
 * the browser send another `Host`.
 */
export function isAllowedHost(
  header: string | undefined,
  allowedHosts: readonly string[],
): boolean {
  const host = parseHost(header ?? '')
  if (host === undefined) return false
  return isLoopback(host) || localName.test(host) || allowedHosts.some(isSameAs(host))
}

/** Advice about a `Host` header that is not allowed. */
export function describeHost(header = ''): string {
  const host = parseHost(header)
  const refused = `this collector does not answer to the host ${JSON.stringify(header)}`
  if (host === undefined) return `${refused}: expected a name, perhaps with a port`
  return `${refused}; if it is meant, start it with --allowed-host ${host} or COLLECTOR_ALLOWED_HOSTS=${host}`
}

/** The port of an allowed host counts for origins only; see `foreign-origin.ts`. */
function isSameAs(host: string): (allowed: string) => boolean {
  return (allowed) => (parseHost(allowed) ?? allowed.toLowerCase()) === host
}

/** The name without its port, in lower case; an IPv6 address without its brackets. */
function parseHost(header: string): string | undefined {
  const [, address, name] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header) ?? []
  return (address ?? name)?.toLowerCase()
}
