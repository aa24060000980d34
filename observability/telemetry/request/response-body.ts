/** Set on a Response that was made of a whole body. */
const wholeKey = Symbol('whole response')
const markedKey = Symbol.for('hono marked Response')

/**
 * Has every Response that is made from now on say whether its body is whole. A Response does not tell by itself: asking
 * for its `body` makes a stream of any text, and costs a platform its short cut.
 *
 * `@hono/node-server` puts a Response of its own in this one's place, which tells.
 */
export function markWholeResponses(): void {
  if (markedKey in globalThis.Response) return
  const marked: typeof Response = new Proxy(globalThis.Response, {
    construct(Native, [body, init], target) {
      // What reflects takes three times as long, and is only for classes that extend this one.
      const response =
        target === marked ? new Native(body, init) : Reflect.construct(Native, [body, init], target)
      if (typeof body === 'string' || !(body instanceof ReadableStream)) response[wholeKey] = true
      return response
    },
    has: (Native, key) => key === markedKey || key in Native,
  })
  Object.defineProperty(globalThis, 'Response', {
    value: marked,
    configurable: true,
    writable: true,
  })
}

/** Where `@hono/node-server` keeps what a Response of its own was made of: status, body, headers. */
let lightKey: symbol | undefined

/** The body of an answer if it may be a stream; one that is whole is not asked for. */
export function readStream(response: Response): ReadableStream<Uint8Array> | null {
  if (Reflect.get(response, wholeKey) === true) return null
  lightKey ??= Object.getOwnPropertySymbols(response).find(
    ({ description }) => description === 'cache',
  )
  if (lightKey !== undefined) {
    const light: unknown = Reflect.get(response, lightKey)
    if (Array.isArray(light) && !(light[1] instanceof ReadableStream)) return null
  }
  return response.body
}

/** Is told how a streamed body ends. */
export type BodyWatcher = {
  /** The source failed: the client got less than it was promised. */
  readonly onFailure: (error: unknown) => void
  /** The last byte was taken, the source failed, or the reader gave up. */
  readonly onEnd: () => void
}

/** The same answer with a body that is watched. */
export function watchBody(
  response: Response,
  stream: ReadableStream<Uint8Array>,
  watcher: BodyWatcher,
): Response {
  const { status, statusText, headers } = response
  return new Response(watchStream(stream, watcher), { status, statusText, headers })
}

/** The same bytes, watched; nothing is read ahead of the reader. */
function watchStream(
  source: ReadableStream<Uint8Array>,
  watcher: BodyWatcher,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  let isOver = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await reader.read().catch((error: unknown) => ({ error }))
        if (isOver) return // given up by the reader meanwhile, which ends a read that waits
        if ('error' in chunk) {
          isOver = true
          controller.error(chunk.error)
          watcher.onFailure(chunk.error)
          watcher.onEnd()
        } else if (chunk.done) {
          isOver = true
          controller.close()
          watcher.onEnd()
        } else {
          controller.enqueue(chunk.value)
        }
      },
      async cancel(reason) {
        isOver = true
        watcher.onEnd()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
