import { context } from '@opentelemetry/api'
import type { WriteLine } from '../../observability/telemetry/logs/logs.ts'
import { readRequestAttributes } from '../../observability/telemetry/request/request-attributes.ts'
import { readRequestTrace } from '../../observability/telemetry/request/request-trace.ts'
import type { TraceableApp } from '../../observability/telemetry/request/traceable-app.ts'

/** The event of a line about a request. */
export const requestEvent = 'request'

export type Announcement = {
  /** Asked by whoever waits until the app is ready; nobody wants to read of that. */
  readonly readyPath: string | undefined
  readonly writeLine: WriteLine
}

/**
 * Has an app write one line of JSON for each answer: status, method, path as its span has it, milliseconds, trace id. The
 * query is left out, because it may hold secrets. To be called before the app is traced.
 */
export function announceRequests(app: TraceableApp, { readyPath, writeLine }: Announcement): void {
  const answer = app.fetch.bind(app)
  Reflect.set(app, 'fetch', async (...given: Parameters<TraceableApp['fetch']>) => {
    const since = performance.now()
    const trace = readRequestTrace(context.active())
    const [{ method, url }] = given
    const { 'url.path': path } = readRequestAttributes({ method, url, userAgent: undefined })
    if (path === readyPath) return answer(...given)
    const write = (status: number) =>
      writeLine(
        JSON.stringify({
          time: new Date().toISOString(),
          event: requestEvent,
          status,
          method,
          path,
          millis: Number((performance.now() - since).toFixed(1)),
          trace_id: trace?.span?.spanContext().traceId,
        }),
      )
    try {
      const response = await answer(...given)
      write(response.status)
      return response
    } catch (error) {
      // The platform is going to answer.
      write(500)
      throw error
    }
  })
}
