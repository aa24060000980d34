/** Whether a name or address, an IPv6 one with or without brackets, leads to this machine alone. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){1,3}|::1|\[::1\])$/i.test(host)
}
