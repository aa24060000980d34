/** Names and addresses under which a browser on this machine reaches a loopback address. */
const localHost = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/

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
  return host !== undefined && (localHost.test(host) || allowedHosts.some(isSameAs(host)))
}

function isSameAs(host: string): (allowed: string) => boolean {
  return (allowed) => allowed.toLowerCase().replace(/^\[|\]$/g, '') === host
}

/** The name without its port, in lower case; an IPv6 address without its brackets. */
function parseHost(header: string): string | undefined {
  const [, address, name] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header) ?? []
  return (address ?? name)?.toLowerCase()
}
