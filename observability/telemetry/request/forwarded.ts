/** What a proxy says of the request as it took it. What it did not say, or said wrongly, is absent. */
export type Forwarded = {
  readonly clientAddress?: string
  /** In lower case. */
  readonly scheme?: string
  readonly host?: string
  readonly port?: number
}

/**
 * Reads `Forwarded` (RFC 7239), and `X-Forwarded-For`, `-Proto`, `-Host` and `-Port` for what that does not say. Of
 * several proxies the first speaks, which is the one that the client asked.
 *
 * Anybody can send these headers: to be read only behind a proxy that sets them itself.
 *
 * @param header One value by its name; several of one name are joined by commas.
 */
export function readForwarded(header: (name: string) => string | undefined): Forwarded {
  const said = readFirstElement(header('forwarded') ?? '')
  const first = (name: string) => header(name)?.split(',')[0]?.trim()
  const host = parseHost(said.get('host')) ?? parseHost(first('x-forwarded-host'))
  const port = host?.port ?? parsePort(first('x-forwarded-port'))
  const scheme = parseScheme(said.get('proto')) ?? parseScheme(first('x-forwarded-proto'))
  const address = parseAddress(said.get('for')) ?? parseAddress(first('x-forwarded-for'))
  return {
    ...(address !== undefined && { clientAddress: address }),
    ...(scheme !== undefined && { scheme }),
    ...(host !== undefined && { host: host.name }),
    ...(port !== undefined && { port }),
  }
}

/** `for="[2001:db8::1]:4711";proto=https` up to the first comma, which no value that counts has within. */
function readFirstElement(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',')[0]?.split(';') ?? []
  return new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [
        name.trim().toLowerCase(),
        value
          .join('=')
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      ]
    }),
  )
}

/** An address of either family, without port and brackets; names and `unknown` are none. */
function parseAddress(text: string | undefined): string | undefined {
  const [, bracketed, ipv4] =
    /^(?:\[([^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\w+)?$/.exec(text ?? '') ?? []
  const address = bracketed ?? ipv4 ?? text ?? ''
  if (address.length > 45) return undefined
  const isIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address)
  return isIpv4 ||
    (/^[\da-f:.]*:[\da-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`))
    ? address
    : undefined
}

function parseScheme(text: string | undefined): string | undefined {
  return /^https?$/i.test(text ?? '') ? text?.toLowerCase() : undefined
}

function parseHost(
  text: string | undefined,
): { readonly name: string; readonly port?: number } | undefined {
  const [, ipv6, name, port] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]{1,253}))(?::(\d{1,5}))?$/i.exec(text ?? '') ?? []
  const number = port === undefined ? undefined : parsePort(port)
  if (port !== undefined && number === undefined) return undefined
  const host = ipv6 ?? name
  return host === undefined
    ? undefined
    : { name: host, ...(number !== undefined && { port: number }) }
}

function parsePort(text: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}
