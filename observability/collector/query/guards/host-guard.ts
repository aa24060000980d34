import { isLoopback } from '../../../plumbing/is-loopback.ts'

/**
 * Names under which this machine is reached besides, as from its containers by a Prometheus there. Nobody can have a
 * name below `.localhost` or `.internal` lead here: they are reserved for such use.
 */
const localName = /^(?:.+\.localhost|host\.(?:docker|containers)\.internal)$/

/**
 * Whether a `Host` header names this collector by a name it is known to have, with any port.
 *
 * A page on the web can make its own name lead to 127.0.0.1 and then read what is here as
 * if it were its own (DNS rebinding). It cannot make the browser send another `Host`.
 */
export function isAllowedHost(
  header: string | undefined,
  allowedHosts: readonly string[],
): boolean {
  const host = parseHost(header ?? '')
  if (host === undefined) return false
  return isLoopback(host) || localName.test(host) || allowedHosts.some(isSameAs(host))
}

/** What to do about a `Host` header that is not allowed. */
export function describeHost(header = ''): string {
  const host = parseHost(header)
  const refused = `this collector does not answer to the host ${JSON.stringify(header)}`
  if (host === undefined) return `${refused}: expected a name, perhaps with a port`
  return `${refused}; if it is meant, start it with --allowed-host ${host} or COLLECTOR_ALLOWED_HOSTS=${host}`
}

/** Of an allowed host the port counts for origins only; see `origin-guard.ts`. */
function isSameAs(host: string): (allowed: string) => boolean {
  return (allowed) => (parseHost(allowed) ?? allowed.toLowerCase()) === host
}

/** The name without its port, in lower case; an IPv6 address without its brackets. */
function parseHost(header: string): string | undefined {
  const [, address, name] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header) ?? []
  return (address ?? name)?.toLowerCase()
}
