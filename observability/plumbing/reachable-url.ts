/** Where oneself finds what listens on an address, which may stand for all of them. */
export function reachableUrl(host: string, port: number | string): string {
  const own = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return `http://${renderAuthority(own, port)}`
}

/** Host and port as a URL has them: an IPv6 address in brackets. */
export function renderAuthority(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
