import type { AskedRequest } from './request-trace.ts'

/** One request header by its name, in lower case; several of one name are joined by commas. */
export type ReadHeader = (asked: AskedRequest, name: string) => string | undefined

/** From the `Request` itself, which may build its headers for it. */
export const readOwnHeader: ReadHeader = ({ request }, name) =>
  request.headers.get(name) ?? undefined

/** The headers that `names` name, such as those that the propagator reads. */
export function pickHeaders(
  asked: AskedRequest,
  read: ReadHeader,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = read(asked, name)
    if (value !== undefined) picked[name] = value
  }
  return picked
}
