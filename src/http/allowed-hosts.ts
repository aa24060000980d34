import type { MiddlewareHandler } from 'hono'
import { Problem } from './problem.ts'

/**
 * Refuses a request whose `Host` is neither a local name nor in `hosts`; any port is allowed.
 *
 * A web page can point its own name at 127.0.0.1 and then read and write the service as its own (DNS rebinding). It
 * cannot make the browser send another `Host`.
 *
 * @param hosts Such as `api.example.com`; `*` on its own allows all.
 */
export function requireAllowedHost(hosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set(hosts.map((host) => stripBrackets(host.toLowerCase())))
  return (c, next) => {
    // HTTP/2 has an authority in its place, which the URL tells.
    const header = c.req.header('host') || new URL(c.req.url).host
    const host = parseHost(header)
    if (host !== undefined && (isLocalHost(host) || allowed.has(host))) return next()
    throw new Problem(
      421,
      `this service does not answer to the host ${JSON.stringify(header.slice(0, 80))}; name it in ALLOWED_HOSTS to let it`,
    )
  }
}

/** Whether a name or address always means this machine, or this machine as its containers call it. */
function isLocalHost(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1|host\.(?:docker|containers)\.internal)$/i.test(
    host,
  )
}

/** The name without its port, in lower case; an IPv6 address without its brackets. */
function parseHost(header: string): string | undefined {
  const [, address, name] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header) ?? []
  return (address ?? name)?.toLowerCase()
}

function stripBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}
