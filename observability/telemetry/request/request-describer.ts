import type { Attributes } from '@opentelemetry/api'
import { ATTR_URL_PATH } from '@opentelemetry/semantic-conventions'
import type { TelemetrySettings } from '../settings/settings.ts'
import { describeConnection, type RequestConnection } from './describe-connection.ts'
import { type ReadHeader, readOwnHeader } from './pick-headers.ts'
import { findPath, readRequestAttributes } from './request-attributes.ts'
import type { AskedRequest } from './request-trace.ts'

/** How a platform tells of a request. */
export type RequestReader = {
  /** What is known of the connection that it came by. Who is connected counts as the client. */
  readConnection(asked: AskedRequest): Omit<RequestConnection, 'clientAddress'>
  /** One of its headers, where the platform has it at hand. Defaults to the request's own. */
  readHeader?(asked: AskedRequest, name: string): string | undefined
}

/** What is remembered of a connection. */
type Known = {
  readonly peerAddress: string | undefined
  readonly protocol: string | undefined
  readonly peer: Attributes
  last: Asked | undefined
}

/** What the last request of a connection said of itself: by some connections many clients ask. */
type Asked = {
  readonly method: string
  readonly userAgent: string | undefined
  /** How its URL begins, up to the path. */
  readonly origin: string
  /** The connection's attributes and its own, but path and query, as soon as another request says the same. */
  attributes: Attributes | undefined
}

/** How many connections are remembered, and how many characters of each: strangers decide on both. */
const connectionsMax = 4096
const charactersMax = 512

/**
 * Describes requests when they start, but for their path and query. Most requests of a connection say the same, so that
 * this is put together, and encoded, once: the first of its kind gets the attributes of its connection alone, and the
 * others a frozen object of all of them.
 */
export function createRequestDescriber(
  settings: TelemetrySettings,
  reader: RequestReader,
): (asked: AskedRequest) => Attributes {
  const readHeader: ReadHeader = reader.readHeader ?? readOwnHeader
  /** By the port of who is connected; if address or protocol are others, it is another connection. */
  const byPort = new Map<number | undefined, Known>()

  function readKnown(asked: AskedRequest): Known {
    const connection = reader.readConnection(asked)
    const { peerAddress, peerPort, protocol } = connection
    const known = byPort.get(peerPort)
    const isIt = known?.peerAddress === peerAddress && known?.protocol === protocol
    if (known !== undefined && isIt) return known
    const peer = Object.freeze(describeConnection(connection))
    const now = { peerAddress, protocol, peer, last: undefined }
    if (known === undefined && byPort.size >= connectionsMax) byPort.clear()
    byPort.set(peerPort, now)
    return now
  }

  if (!mayShare(settings)) return (asked) => readKnown(asked).peer
  return (asked) => {
    const known = readKnown(asked)
    const { method, url } = asked.request
    const userAgent = readHeader(asked, 'user-agent')
    const { peer, last } = known
    const isSame =
      method === last?.method && userAgent === last.userAgent && url.startsWith(last.origin)
    if (!isSame) {
      known.last = remember(method, url, userAgent)
      return peer
    }
    last.attributes ??= describe(peer, last)
    return last.attributes
  }
}

function remember(method: string, url: string, userAgent: string | undefined): Asked | undefined {
  const pathStart = findPath(url)
  const characters = method.length + pathStart + (userAgent?.length ?? 0)
  // Without a mark behind it, an origin could be the beginning of another.
  if (pathStart === url.length || characters > charactersMax) return undefined
  // A part of a text is a view of all of it, and would keep a path and a query that may be long or secret.
  const origin: string = JSON.parse(JSON.stringify(url.slice(0, pathStart + 1)))
  return { method, userAgent, origin, attributes: undefined }
}

function describe(peer: Attributes, { method, userAgent, origin }: Asked): Attributes {
  const own = readRequestAttributes({ method, url: origin, userAgent })
  const { [ATTR_URL_PATH]: _, ...same } = own
  return Object.freeze({ ...peer, ...same })
}

/**
 * Whether requests may share attributes. Not if a proxy tells more of each. Nor if a span may keep so few that some are
 * dropped: those that come last are, and shared ones come first.
 */
function mayShare({ trustForwarded, limits }: TelemetrySettings): boolean {
  return trustForwarded !== true && limits.spanAttributesMax >= 32
}
