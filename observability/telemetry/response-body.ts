import type { Context } from 'hono'

/** Contexts by what their answer was made of: a stream, or a body that was whole when it was made. */
const bodies = new WeakMap<Context, 'stream' | 'whole'>()

/**
 * Notes whether a handler answers with a stream. A Response does not tell: asking for its `body` makes a stream of
 * any text, and costs `@hono/node-server` its short cut.
 */
export function watchForStreams(c: Context): void {
  const { body, newResponse, json, text, html } = c
  const watch =
    <A extends unknown[], R>(make: (...args: A) => R) =>
    (...args: A): R => {
      bodies.set(c, args[0] instanceof ReadableStream ? 'stream' : 'whole')
      return make(...args)
    }
  Object.assign(c, {
    body: watch(body),
    newResponse: watch(newResponse),
    json: watch(json),
    text: watch(text),
    html: watch(html),
  })
}

/**
 * Calls `done` once, when the body of the answer has left: at the platform's word where it gives one (`sent`), at the
 * end or the cancellation of a stream, and otherwise at once, because a body that is whole is not ours any more.
 * A Response that a handler made by itself may hold a stream, so it is watched like one.
 */
export function onBodySent(
  c: Context,
  sent: ((c: Context) => Promise<void> | undefined) | undefined,
  done: () => void,
): void {
  const settled = sent?.(c)
  if (settled !== undefined) {
    settled.then(done, done)
    return
  }
  // Hono answers HEAD with the headers of GET and drops the body unread.
  if (c.req.method === 'HEAD' || bodies.get(c) === 'whole' || c.res.body === null) {
    done()
    return
  }
  c.res = new Response(watchStream(c.res.body, done), c.res)
}

/** The same bytes, with a call when the last was taken, the reader gave up, or the source failed. */
function watchStream(
  source: ReadableStream<Uint8Array>,
  done: () => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await reader.read()
          if (!chunk.done) {
            controller.enqueue(chunk.value)
            return
          }
          controller.close()
        } catch (error) {
          controller.error(error)
        }
        done()
      },
      async cancel(reason) {
        try {
          await reader.cancel(reason)
        } finally {
          done()
        }
      },
    },
    { highWaterMark: 0 },
  )
}
