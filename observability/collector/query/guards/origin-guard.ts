import type { IncomingHttpHeaders } from 'node:http'

/**
 * Why a question is not answered: a page of another origin had it asked. `undefined` when it is our own
 * page's, a person's who opens an address, or a program's.
 *
 * A browser would keep the answer from that page in any case, because nothing here allows it to be
 * read. Not to answer at all also keeps it from measuring answers, and from having work done.
 *
 * @param allowedHosts Under which the page may be shown beside the host that is asked: a proxy may
 *   ask under another name than the browser did. With its port, unless that is the usual one.
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
  // A link on another page that somebody follows is no question of that page.
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
