import { renderAuthority } from '../../observability/plumbing/reachable-url.ts'
import { StartError } from '../processes/start-error.ts'
import { readDatabaseUrl } from '../service/database/database-url.ts'

/** The parts of `wrangler.toml` that a local workerd needs. */
export type WorkerManifest = {
  readonly name: string
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  /** `[vars]`, as text. */
  readonly variables: Readonly<Record<string, string>>
  readonly hasDatabase: boolean
  /** Absolute; none for an application without static files. */
  readonly assetsFolder?: string | undefined
}

type WorkerdSettings = {
  readonly manifest: Pick<WorkerManifest, 'compatibilityDate' | 'compatibilityFlags' | 'variables'>
  /** On 127.0.0.1. */
  readonly port: number
  /** Relative to the configuration's own folder, as are all files it names. */
  readonly bundle: string
  /** Of the bundle, for `map-stacks.ts`. */
  readonly sourceMap?: string | undefined
  /** Absolute; none for an application without static files. */
  readonly assetsFolder?: string | undefined
  /** None for an application without a database. */
  readonly databaseUrl?: string | undefined
  /** On top of the manifest's. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * The configuration that makes workerd serve a bundle as Cloudflare would: the same date, flags and bindings, with
 * Hyperdrive leading to a PostgreSQL near by, and assets to a folder.
 *
 * @throws StartError when the database's URL demands TLS. workerd could begin a connection with it, by \`tlsOptions\`, but
 *   PostgreSQL asks first for a word in clear, or for ALPN, and workerd sends neither.
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp
 */
export function renderWorkerdConfig(settings: WorkerdSettings): string {
  const { manifest, assetsFolder, databaseUrl, sourceMap } = settings
  const database = databaseUrl === undefined ? undefined : renderDatabase(databaseUrl)
  const bindings = [
    ...(database === undefined
      ? []
      : [`(name = "HYPERDRIVE", hyperdrive = (${database.hyperdrive}))`]),
    ...(assetsFolder === undefined ? [] : ['(name = "ASSETS", service = "assets")']),
    ...(sourceMap === undefined ? [] : [`(name = "SOURCE_MAP", text = embed ${quote(sourceMap)})`]),
    ...Object.entries({ ...manifest.variables, ...settings.variables }).map(
      ([name, value]) => `(name = ${quote(name)}, text = ${quote(value)})`,
    ),
  ]
  const services = [
    '(name = "worker", worker = .worker)',
    '(name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true)))',
    ...(database === undefined
      ? []
      : [`(name = "postgres", external = (address = ${quote(database.address)}, tcp = ()))`]),
    ...(assetsFolder === undefined
      ? []
      : [`(name = "assets", disk = (path = ${quote(assetsFolder)}))`]),
  ]
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ${services.join(',\n    ')},
  ],
  sockets = [(name = "http", address = "127.0.0.1:${settings.port}", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed ${quote(settings.bundle)})],
  compatibilityDate = ${quote(manifest.compatibilityDate)},
  compatibilityFlags = [${manifest.compatibilityFlags.map(quote).join(', ')}],
  bindings = [
    ${bindings.join(',\n    ')},
  ],
);
`
}

function renderDatabase(databaseUrl: string): {
  readonly hyperdrive: string
  readonly address: string
} {
  const { host, port, database, user, password, tls } = readDatabaseUrl(databaseUrl)
  if (tls)
    throw new StartError(
      'DATABASE_URL demands TLS (sslmode, or PGSSLMODE), and workers cannot give it here: workerd speaks plaintext to a database. Leave workers out with --runtimes, or name a database without TLS; deployed, Hyperdrive does TLS',
    )
  const hyperdrive = [
    `designator = "postgres"`,
    `database = ${quote(database)}`,
    `user = ${quote(user)}`,
    `password = ${quote(password)}`,
    `scheme = "postgres"`,
  ]
  return { hyperdrive: hyperdrive.join(', '), address: renderAddress(host, port) }
}

function renderAddress(host: string, port: number): string {
  return host.startsWith('/') ? `unix:${host}/.s.PGSQL.${port}` : renderAuthority(host, port)
}

/** A text literal of Cap'n Proto's schema language, which has C's escapes: any byte but the plain ones as `\\x..`. */
function quote(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `"${bytes.join('')}"`
}
