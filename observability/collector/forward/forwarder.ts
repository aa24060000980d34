import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ForwardStats } from '../../wire/status.ts'
import { mediaTypes } from '../receive/content-type.ts'
import type { WireRequest } from '../receive/receiver.ts'
import { type Backoff, backoffMillis } from './backoff.ts'
import { type Destination, renderEndpoint, signalUrl } from './destination.ts'
import { createOutageLog } from './outage-log.ts'
import { type Outgoing, send } from './send.ts'
import { createSendQueue } from './send-queue.ts'

/**
 * Passes requests on to one destination, unchanged but for their compression.
 *
 * Nothing here can delay or fail the one who sent them: what cannot be delivered waits,
 * and what does not fit is dropped and counted.
 */
export type Forwarder = {
  add(request: WireRequest): void
  stats(): ForwardStats
  /** Sends the queue, for at most `millisMax`; the rest is dropped and counted. */
  close(millisMax: number): Promise<void>
}

/** Destination and bounds of forwarding, with the clock, the randomness and the timer that tests replace. */
export type ForwarderOptions = {
  readonly destination: Destination
  readonly queueBytesMax: number
  /** The `Via` that names this collector. */
  readonly via: string
  readonly log: (line: string) => void
  readonly nowMillis: () => number
  readonly random: () => number
  /** Defaults to a timer. */
  readonly wait?: (millis: number, signal: AbortSignal) => Promise<void>
  /** One try. Defaults to 10 s, as the Collector's exporter. */
  readonly timeoutMillis?: number
  readonly backoff?: Backoff
}

const timeoutMillisDefault = 10_000
const backoffDefault: Backoff = { initialMillis: 1_000, maxMillis: 30_000 }
/** A destination that asks for more is tried again after this. */
const retryAfterMillisMax = 3_600_000
/** A distant destination answers a request in a tenth of a second, and a Worker flushes after every request. */
const concurrentMax = 8

const compress = promisify(gzip)

/**
 * Sends up to eight requests at a time, and one while the destination fails. A failed request is tried again until it
 * succeeds, is refused, or is pushed out of the full queue.
 */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const { destination, queueBytesMax, nowMillis, random } = options
  const wait = options.wait ?? waitFor
  const queue = createSendQueue<Outgoing>(queueBytesMax)
  const counts = { delivered: 0, partlyDelivered: 0, refused: 0, dropped: 0, failedTries: 0 }
  const closing = new AbortController()
  const outages = createOutageLog({
    name: renderEndpoint(destination.endpoint),
    nowMillis,
    log: options.log,
    countDropped: () => counts.dropped,
  })
  let compressing = 0
  let compressingBytes = 0
  let sending = 0
  let attempt = 0
  let isPaused = false
  let onIdle: () => void = () => {}

  const isIdle = () => compressing + sending + queue.length === 0

  /** While it fails, one request at a time finds out whether it still does. */
  const pump = () => {
    const sendingMax = attempt === 0 ? concurrentMax : 1
    while (!isPaused && !closing.signal.aborted && sending < sendingMax) {
      const outgoing = queue.shift()
      if (outgoing === undefined) break
      sending += 1
      void deliver(outgoing).finally(() => {
        sending -= 1
        pump()
      })
    }
    if (isIdle()) onIdle()
  }

  const deliver = async (outgoing: Outgoing) => {
    const timeout = AbortSignal.timeout(options.timeoutMillis ?? timeoutMillisDefault)
    const result = await send(outgoing, AbortSignal.any([timeout, closing.signal]), nowMillis)
    if (result.kind === 'retry') {
      if (closing.signal.aborted) return
      counts.dropped += queue.putBack(outgoing)
      counts.failedTries += 1
      outages.failed(result.reason)
      pause(result.afterMillis)
      return
    }
    attempt = 0
    outages.succeeded()
    if (result.kind === 'refused') {
      counts.refused += 1
      outages.refused(result.reason)
      return
    }
    counts.delivered += 1
    if (result.isPartial) counts.partlyDelivered += 1
  }

  /** Requests that failed together wait together. */
  const pause = (afterMillis: number | undefined) => {
    if (isPaused) return
    isPaused = true
    attempt += 1
    const millis = Math.min(
      afterMillis ?? backoffMillis(attempt, random, options.backoff ?? backoffDefault),
      retryAfterMillisMax,
    )
    void wait(millis, closing.signal).then(() => {
      isPaused = false
      pump()
    })
  }

  const enqueue = (request: WireRequest, compressed: Buffer) => {
    const via = request.via === undefined ? options.via : `${request.via}, ${options.via}`
    const dropped = queue.push({
      url: signalUrl(destination.endpoint, request.signal),
      encoding: request.encoding,
      headers: {
        ...destination.headers,
        'content-type': mediaTypes[request.encoding],
        'content-encoding': 'gzip',
        via,
      },
      // A copy: a small Buffer is a window on a larger one and would keep it alive.
      body: new Uint8Array(compressed),
    })
    counts.dropped += dropped
    pump()
  }

  return {
    add(request) {
      if (closing.signal.aborted) return
      if (request.gzipped !== undefined) {
        enqueue(request, request.gzipped)
        return
      }
      const size = request.body.length
      if (compressingBytes + size > queueBytesMax) {
        counts.dropped += 1
        return
      }
      compressing += 1
      compressingBytes += size
      void compress(request.body, { level: 1 })
        .then((compressed) => enqueue(request, compressed))
        .catch(() => {
          counts.dropped += 1
        })
        .finally(() => {
          compressing -= 1
          compressingBytes -= size
          pump()
        })
    },
    stats: () => ({
      endpoint: renderEndpoint(destination.endpoint),
      ...counts,
      waiting: compressing + sending + queue.length,
      waitingBytes: compressingBytes + queue.bytes,
      isFailing: outages.failingSinceMillis !== undefined,
    }),
    async close(millisMax) {
      if (!isIdle()) {
        const timer = new AbortController()
        const idle = new Promise<void>((resolve) => {
          onIdle = resolve
        })
        await Promise.race([idle, waitFor(millisMax, timer.signal)])
        timer.abort()
      }
      closing.abort()
      counts.dropped += compressing + sending + queue.length
    },
  }
}

/** Ends early, and without an error, when `signal` says so. */
async function waitFor(millis: number, signal: AbortSignal): Promise<void> {
  await delay(millis, undefined, { signal }).catch(() => {})
}
