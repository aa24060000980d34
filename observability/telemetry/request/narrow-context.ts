import type { Context, HonoRequest } from 'hono'

// Never written to: it stands for response headers that nobody asked to be captured.
const noHeaders = new Headers()

/**
 * Hono's context, narrowed to what `@hono/otel` needs of it.
 *
 * That middleware copies all request headers twice, and walks the response's headers although it was asked to capture
 * none. Both force light objects of `@hono/node-server` into full ones: more than half of what its span costs. So it
 * gets the few headers that propagation reads, and a response without any; all the rest is the context itself.
 */
export function narrowContext(c: Context, headers: Readonly<Record<string, string>>): Context {
  const request = new Proxy(c.req, {
    get: (target: HonoRequest, key) =>
      key === 'header' ? () => headers : Reflect.get(target, key, target),
  })
  return new Proxy(c, {
    get(target, key) {
      switch (key) {
        case 'req':
          return request
        case 'res':
          // To ask for a response that nobody made would make one.
          return { status: c.finalized ? c.res.status : 500, headers: noHeaders }
        default:
          return Reflect.get(target, key, target)
      }
    },
  })
}

/** The headers that `names` name, such as those that the propagator reads. */
export function pickHeaders(c: Context, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = c.req.header(name)
    if (value !== undefined) picked[name] = value
  }
  return picked
}
