/** A request to a runtime, with its outcome. */
export type DrivenRequest = {
  readonly runtime: string
  readonly method: string
  /** As its span must say; `undefined` where no route matches. */
  readonly route: string | undefined
  readonly status: number
  /** Its trace, as `x-trace-id` says. */
  readonly traceId: string
}

/** A request, with its required outcome. */
export type PlannedRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly route: string | undefined
  readonly status: number
}

const requestMillisMax = 15_000

/**
 * Sends a request, and takes no other answer than the planned one.
 *
 * @throws Error that says what came instead.
 */
export async function drive(
  runtime: string,
  url: string,
  { method, path, body, route, status }: PlannedRequest,
): Promise<DrivenRequest & { readonly location: string | null }> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    signal: AbortSignal.timeout(requestMillisMax),
  })
  const text = await response.text()
  const traceId = response.headers.get('x-trace-id') ?? ''
  if (response.status !== status || !/^[0-9a-f]{32}$/.test(traceId)) {
    throw new Error(
      `${runtime}: ${method} ${path}: expected ${status} and a trace id, got ${response.status} ${JSON.stringify(traceId)} ${text.slice(0, 200)}`,
    )
  }
  const location = response.headers.get('location')
  return { runtime, method, route, status, traceId, location }
}

const todos = '/api/v1/todos'
const todo = `${todos}/:id`
const unknownId = '00000000-0000-4000-8000-000000000000'

/**
 * Asks a runtime for everything that answers with 2xx or 4xx, each a known number of times.
 *
 * @param times of each. Give every runtime another, or a mix-up of runtimes would count the same.
 */
export async function driveHealthy(
  runtime: string,
  url: string,
  times: number,
): Promise<readonly DrivenRequest[]> {
  const driven: DrivenRequest[] = []
  const send = async (planned: PlannedRequest) => {
    const { location, ...request } = await drive(runtime, url, planned)
    driven.push(request)
    return location ?? ''
  }
  for (let time = 0; time < times; time++) {
    const body = { title: `dashboard ${time}` }
    const path = await send({ method: 'POST', path: todos, body, route: todos, status: 201 })
    await send({ method: 'GET', path, route: todo, status: 200 })
    await send({ method: 'GET', path: `${todos}?limit=5`, route: todos, status: 200 })
    await send({ method: 'GET', path: `${todos}?limit=1`, route: todos, status: 200 })
    await send({ method: 'PUT', path, body: { completed: true }, route: todo, status: 200 })
    await send({ method: 'DELETE', path, route: todo, status: 204 })
    await send({ method: 'GET', path: `${todos}/${unknownId}`, route: todo, status: 404 })
    await send({ method: 'POST', path: todos, body: { title: '' }, route: todos, status: 400 })
    await send({ method: 'GET', path: '/nowhere', route: undefined, status: 404 })
  }
  return driven
}

/** Asks a runtime that has no database. */
export async function driveBroken(
  runtime: string,
  url: string,
  times: number,
): Promise<readonly DrivenRequest[]> {
  const driven: DrivenRequest[] = []
  for (let time = 0; time < times; time++) {
    const body = { title: 'lost' }
    for (const planned of [
      { method: 'GET', path: todos, route: todos, status: 503 },
      { method: 'POST', path: todos, body, route: todos, status: 503 },
    ] as const) {
      const { location: _, ...request } = await drive(runtime, url, planned)
      driven.push(request)
    }
  }
  return driven
}
