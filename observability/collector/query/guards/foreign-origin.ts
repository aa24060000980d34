import type { IncomingHttpHeaders } from 'node:http'

/**
 * The reason to refuse a query that a page of another origin sent. `undefined` for our own page, for an address that a
 * person opens, and for a program.
 *
 * A browser would hide the answer from that page in any case, because nothing here allows it to be read. A refusal also
 * keeps the page from measuring answers, and from causing work.
 *
 * @param allowedHosts Additional hosts of the page: a proxy may use another name than the browser did. With the port,
 * unless it is the default one.
 */
export function findForeignOrigin(
  headers: IncomingHttpHeaders,
  allowedHosts: readonly string[],
): string | undefined {
  const { host = '', origin } = headers
  if (origin !== undefined && ![host, ...allowedHosts].some((own) => isOf(origin, own))) {
    const from = `expected a page of ${host}, got one of ${JSON.stringify(origin)}`
    const originHost = URL.canParse(origin) ? new URL(origin).host : ''
    if (originHost === '') return from
    return `${from}; if that is this page behind a proxy, start the collector with --allowed-host ${originHost}`
  }
  const site = headers['sec-fetch-site']
  const isOwn = site === undefined || site === 'same-origin' || site === 'none'
  // Following a link from another page is not a query by that page.
  if (isOwn || headers['sec-fetch-mode'] === 'navigate') return undefined
  return `expected a request of the page itself, got one that is ${JSON.stringify(site)}`
}

/** By host and port: behind a proxy the scheme is another. */
function isOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: own } = new URL(origin)
  const isAddress = host.split(':').length > 2 && !host.startsWith('[')
  const asked = `${protocol}//${isAddress ? `[${host}]` : host}`
  return own !== '' && URL.canParse(asked) && new URL(asked).host === own
}
