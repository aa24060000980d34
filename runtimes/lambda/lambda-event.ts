import type { LambdaEvent } from 'hono/aws-lambda'
import * as v from 'valibot'

const text = v.string()
const httpEvent = v.union([
  // HTTP APIs and function URLs
  v.looseObject({
    rawPath: text,
    requestContext: v.looseObject({ http: v.looseObject({ method: text }) }),
  }),
  // REST APIs, HTTP APIs in format 1.0, load balancers
  v.looseObject({ httpMethod: text, path: text, requestContext: v.looseObject({}) }),
  // VPC Lattice
  v.looseObject({ method: text, path: text, requestContext: v.looseObject({ serviceArn: text }) }),
])

/**
 * The event as Hono's adapter can answer it: without a stage before its path, and without a body where no `Request`
 * may have one, which nothing reads.
 *
 * @throws Error that says what came, for an event that is no HTTP request.
 */
export function parseLambdaEvent(event: unknown): LambdaEvent {
  if (!isHttpEvent(event))
    throw new Error(
      `expected an HTTP request, as API Gateway, a load balancer or a function URL sends it, got ${describeEvent(event)}`,
    )
  const served = removeStage(event)
  const method = readMethod(served)
  return method === 'GET' || method === 'HEAD' ? { ...served, body: '' } : served
}

function isHttpEvent(event: unknown): event is LambdaEvent {
  return v.is(httpEvent, event)
}

function readMethod(event: LambdaEvent): string {
  if ('rawPath' in event) return event.requestContext.http.method
  return 'httpMethod' in event ? event.httpMethod : event.method
}

/**
 * An HTTP API puts the name of its stage before the path, also behind a custom domain, unless the stage is `$default`.
 * A REST API does so only if the URL of a custom domain names the stage: then both paths of the event are the same,
 * while at the API's own domain only the first has the stage. A custom domain may also put a base path first. If a
 * route tells the path that it matched, that is the path.
 */
function removeStage(event: LambdaEvent): LambdaEvent {
  if ('rawPath' in event) {
    const { rawPath, routeKey, requestContext } = event
    const path =
      findOwnPath(rawPath, routeKey?.split(' ')[1], event) ??
      removePrefix(rawPath, requestContext.stage)
    return { ...event, rawPath: path }
  }
  const { requestContext } = event
  if (!('stage' in requestContext) || requestContext.path !== event.path) return event
  const resource = 'resource' in event ? event.resource : undefined
  const path =
    findOwnPath(event.path, resource, event) ?? removePrefix(event.path, requestContext.stage)
  return { ...event, path }
}

const proxied = v.object({ pathParameters: v.object({ proxy: text }) })

/** The path that a route such as `/{proxy+}` matched, if `path` ends with it. */
function findOwnPath(path: string, route: string | undefined, event: LambdaEvent) {
  if (route?.endsWith('/{proxy+}') !== true || !v.is(proxied, event)) return undefined
  const own = route.replace('{proxy+}', () => event.pathParameters.proxy)
  return path.endsWith(own) ? own : undefined
}

function removePrefix(path: string, stage: string): string {
  const prefix = `/${stage}`
  if (path === prefix) return '/'
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
}

const eventSource = v.object({
  Records: v.tupleWithRest([v.object({ eventSource: text })], v.unknown()),
})
const busEvent = v.object({ source: text, 'detail-type': text })

/** An event's source, or the names of its fields; never their values, which may hold secrets. */
function describeEvent(event: unknown): string {
  if (v.is(eventSource, event)) return `records of ${quote(event.Records[0].eventSource)}`
  if (v.is(busEvent, event)) return `${quote(event['detail-type'])} of ${quote(event.source)}`
  if (typeof event !== 'object' || event === null)
    return event === null ? 'null' : `a ${typeof event}`
  const names = Object.keys(event)
  if (names.length === 0)
    return Array.isArray(event) ? 'an empty array' : 'an object without fields'
  return `an object with ${names.slice(0, namesMax).map(quote).join(', ')}${names.length > namesMax ? ', …' : ''}`
}

const namesMax = 5

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}
