import { Client } from 'pg'

/** A database URL's parts, including those from its query, the `PG…` variables and pg's defaults. */
export type DatabaseUrl = {
  /** A host, or the absolute path of a folder with a Unix socket in it. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Whether the connection must have TLS: with any `sslmode` but `disable`. */
  readonly tls: boolean
}

/**
 * Lets pg itself read the URL, so that spans and checks name the database that pg connects to.
 *
 * @throws Error that says what is wrong, as the end of a sentence. It never repeats the URL, which has a password.
 */
export function readDatabaseUrl(url: string): DatabaseUrl {
  const mistake = findMistake(url) ?? findModeMistake(process.env.PGSSLMODE)
  if (mistake !== undefined) throw new Error(mistake)
  const { host, port, user, password, database, ssl } = createClient(url)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(portMistake)
  return {
    host,
    port,
    user: user ?? '',
    password: password ?? '',
    database: database ?? '',
    tls: Boolean(ssl),
  }
}

const portMistake = 'its port is no number from 1 to 65535'

/** Finds mistakes that pg would misread, or refuse without saying why. */
function findMistake(url: string): string | undefined {
  const parts =
    /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?<query>[^#]*)(?<hash>.*)$/s.exec(
      url,
    )?.groups
  if (parts === undefined) return 'it does not begin with postgres:// or postgresql://'
  const { authority = '', path = '', query = '', hash = '' } = parts
  if (hash !== '') return 'a # in a user name or password must be written %23'
  // The text before the last @ is user and password, unless one of them ended the authority early.
  if (authority.includes('@')) return undefined
  if (path.includes('@')) return 'a / in a user name or password must be written %2F'
  if ([...new URLSearchParams(query).keys()].some((name) => name.includes('@')))
    return 'a ? in a user name or password must be written %3F'
  return undefined
}

/** pg silently uses plaintext for an unknown `PGSSLMODE`, and TLS for an unknown `sslmode` in a URL. */
function findModeMistake(mode: string | undefined): string | undefined {
  const known = /^(?:disable|allow|prefer|require|verify-ca|verify-full|no-verify)?$/
  return known.test(mode ?? '') ? undefined : 'PGSSLMODE is set to no sslmode, such as verify-full'
}

function createClient(url: string): Client {
  try {
    return new Client(url)
  } catch (error) {
    if (error instanceof URIError)
      throw new Error('a % that begins no encoding must be written %25')
    if (error instanceof Error && 'path' in error)
      throw new Error('a file that sslcert, sslkey or sslrootcert names cannot be read')
    if (/:\d+(?:[/?]|$)/.test(url.slice(url.lastIndexOf('@')))) throw new Error(portMistake)
    throw new Error(
      'it is no URL; every character of a user name or password but letters and digits can be written %XX',
    )
  }
}
