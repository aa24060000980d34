import type { Attributes } from '@opentelemetry/api'
import { ATTR_URL_PATH } from '@opentelemetry/semantic-conventions'
import type { TelemetrySettings } from '../settings/settings.ts'
import { describeConnection, type RequestConnection } from './describe-connection.ts'
import { type ReadHeader, readOwnHeader } from './pick-headers.ts'
import { findPath, readRequestAttributes } from './request-attributes.ts'
import type { AskedRequest } from './request-trace.ts'

/** How a platform tells of a request. */
export type RequestReader = {
  /** What is known of the connection that it came by. */
  readConnection(asked: AskedRequest): RequestConnection
  /** One of its headers, where the platform has it at hand. Defaults to the request's own. */
  readHeader?(asked: AskedRequest, name: string): string | undefined
}

/** What was last said of a connection, and of a request that came by it. */
type Known = {
  readonly peerAddress: string | undefined
  readonly protocol: string | undefined
  readonly peer: Attributes
  method: string
  userAgent: string | undefined
  /** How its URL begins, up to the path. */
  origin: string
  /** All that was said of it but path and query, if another one said the same: by some connections many clients ask. */
  request: Attributes | undefined
}

/** A port is one connection's at a time, but of many addresses. */
const connectionsMax = 4096

/**
 * Describes a request when it starts, but for its path and its query: by which connection it came, and unless it is the
 * first of its kind there, what it says of itself. Most requests of a connection say the same, so that this is put
 * together, and encoded, once.
 */
export function createRequestDescriber(
  settings: TelemetrySettings,
  reader: RequestReader,
): (asked: AskedRequest) => Attributes {
  const readHeader: ReadHeader = reader.readHeader ?? readOwnHeader
  const byPort = new Map<number | undefined, Known>()

  function readKnown(asked: AskedRequest): Known {
    const connection = reader.readConnection(asked)
    const { peerAddress, peerPort, protocol } = connection
    const known = byPort.get(peerPort)
    const isIt = known?.peerAddress === peerAddress && known?.protocol === protocol
    if (known !== undefined && isIt) return known
    const peer = Object.freeze(describeConnection(connection))
    const last = { method: '', userAgent: undefined, origin: '', request: undefined }
    const now = { peerAddress, protocol, peer, ...last }
    if (byPort.size >= connectionsMax) byPort.clear()
    byPort.set(peerPort, now)
    return now
  }

  if (!mayShare(settings)) return (asked) => readKnown(asked).peer
  return (asked) => {
    const known = readKnown(asked)
    const { method, url } = asked.request
    const userAgent = readHeader(asked, 'user-agent')
    if (method !== known.method || userAgent !== known.userAgent || !url.startsWith(known.origin)) {
      const origin = url.slice(0, findPath(url) + 1)
      Object.assign(known, { method, userAgent, origin, request: undefined })
      return known.peer
    }
    if (known.request === undefined) {
      const { [ATTR_URL_PATH]: _, ...same } = readRequestAttributes({
        method,
        url: known.origin,
        userAgent,
      })
      known.request = Object.freeze({ ...known.peer, ...same })
    }
    return known.request
  }
}

/**
 * Whether requests may share attributes. Not if a proxy tells more of each. Nor if a span may keep so few that some are
 * dropped: those that come last are, and shared ones come first.
 */
function mayShare({ trustForwarded, limits }: TelemetrySettings): boolean {
  return trustForwarded !== true && limits.spanAttributesMax >= 32
}
