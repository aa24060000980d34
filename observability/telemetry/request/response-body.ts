import type { Context } from 'hono'

/** Contexts whose handler gave them a stream to answer with. */
const streaming = new WeakSet<Context>()

/**
 * Notes whether a handler answers with a stream. A Response does not tell: asking for its `body` makes a stream of
 * any text, and costs `@hono/node-server` its short cut. Of the context's ways to answer, these two take a stream.
 */
export function watchForStream(c: Context): void {
  const watch =
    <A extends unknown[], R>(make: (...args: A) => R) =>
    (...args: A): R => {
      if (args[0] instanceof ReadableStream) streaming.add(c)
      return make(...args)
    }
  const { body, newResponse } = c
  Object.assign(c, { body: watch(body), newResponse: watch(newResponse) })
}

export type BodyWatcher = {
  /** The source failed: the client got less than it was promised. */
  readonly onFailure: (error: unknown) => void
  /** The last byte was taken, the source failed, or the reader gave up. */
  readonly onEnd: () => void
}

/**
 * Watches the body of the answer in `c`, if it may be a stream: one that a handler gave to the context, or whatever is
 * in a Response that it made by itself (`isForeign`).
 *
 * @returns Whether the watcher will be told; a body that is whole is not ours any more.
 */
export function watchBody(c: Context, isForeign: boolean, watcher: BodyWatcher): boolean {
  if (!isForeign && !streaming.has(c)) return false
  // Hono answers HEAD with the headers of GET and drops the body unread.
  if (c.req.method === 'HEAD' || c.res.body === null) return false
  c.res = new Response(watchStream(c.res.body, watcher), c.res)
  return true
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
