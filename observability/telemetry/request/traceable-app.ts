/** Anything that answers requests. Of a Hono app the rest is read too, whichever copy of Hono it was made with. */
export type TraceableApp = {
  fetch(request: Request, env?: unknown, executionCtx?: unknown): Response | Promise<Response>
  readonly router?: { match(method: string, path: string): MatchedHandlers }
  getPath?(request: Request, options?: { readonly env?: unknown }): string
}

/** What a server calls; a Hono app's own `fetch` has this shape. */
export type Fetch = (
  request: Request,
  env?: unknown,
  executionCtx?: unknown,
) => Response | Promise<Response>

/** What Hono's routers find: middleware and handlers in the order of their being added. */
export type MatchedHandlers = readonly [
  handlers: readonly (readonly [
    handler: readonly [handler: unknown, route: MatchedRoute],
    params: unknown,
  ])[],
  ...rest: readonly unknown[],
]

type MatchedRoute = { readonly method: string; readonly path: string }
