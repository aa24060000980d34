/** Whether it is an absolute URL with `http:` or `https:`. */
export function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol)
}

/**
 * The URL without the slash that it may end with, so that a path can follow.
 *
 * @throws Error that names the argument and quotes its value.
 */
export function parseHttpUrl(name: string, value: string): string {
  if (isHttpUrl(value)) return value.replace(/\/$/, '')
  throw new Error(`${name}: expected an http:// or https:// URL, got ${JSON.stringify(value)}`)
}
