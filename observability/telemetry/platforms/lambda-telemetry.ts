import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AWS_LAMBDA_INVOKED_ARN,
  ATTR_CLOUD_ACCOUNT_ID,
  ATTR_CLOUD_RESOURCE_ID,
  ATTR_FAAS_COLDSTART,
  ATTR_FAAS_TRIGGER,
  FAAS_TRIGGER_VALUE_HTTP,
} from '@opentelemetry/semantic-conventions/incubating'
import type { LambdaContext, LambdaEvent } from 'hono/aws-lambda'
import { createBriefConnections } from '../export/brief-connections.ts'
import { describeConnection } from '../request/describe-connection.ts'
import type { AskedRequest } from '../request/request-trace.ts'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { type PlatformOptions, readPlatformOptions } from './platform-options.ts'
import type { PlatformProcess } from './platform-process.ts'

declare const process: PlatformProcess

/** After its time-out, by then an export has settled, whatever its receiver does. */
const graceMillis = 200

/** After a drain that nobody answered, none is tried for so many times as long: answers wait a tenth of the time at most. */
const holdFactor = 9

/**
 * Telemetry of an execution environment: `drain` is to be waited for before an answer is returned, because the process
 * stands still from then on until the next event, which may never come.
 *
 * It resolves 200 ms after `OTEL_EXPORTER_OTLP_TIMEOUT` at the latest, 1 s by default, for all there is to send. While
 * the receiver is down or silent it mostly tries nothing, and no answer waits; what could not be sent is kept for later.
 */
export function createLambdaTelemetry(options: PlatformOptions = {}): Telemetry {
  const read = readPlatformOptions(options, process.env)
  const { settings } = read
  const exportMillisMax = Math.max(settings.traces.timeoutMillis, settings.logs.timeoutMillis)
  const connections = createBriefConnections()
  const telemetry = createTelemetry({
    ...read,
    resource: {
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'cloud.provider': 'aws',
      'cloud.platform': 'aws_lambda',
      ...readFunctionAttributes(),
      'hono.runtime.name': 'lambda',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'caller',
    createAgent: connections.createAgent,
    describe: describeRequest,
  })

  let isCold = true
  function describeRequest({ request, env }: Invocation): Attributes {
    const attributes = {
      ...describeInvocation(env.lambdaContext),
      [ATTR_FAAS_TRIGGER]: FAAS_TRIGGER_VALUE_HTTP,
      [ATTR_FAAS_COLDSTART]: isCold,
      ...describeConnection({
        clientAddress: readClientAddress(env.requestContext, request),
        protocol: readProtocol(env.requestContext),
      }),
    }
    isCold = false
    return attributes
  }

  let heldUntil = 0
  async function drain(): Promise<void> {
    const since = Date.now() // goes on while the process stands still, which other clocks need not
    if (since < heldUntil) return
    connections.closeIdle()
    await settleWithin(exportMillisMax + graceMillis, telemetry.drain())
    const millis = Date.now() - since
    if (millis > exportMillisMax * 0.9) heldUntil = Date.now() + millis * holdFactor
  }

  function close(): Promise<void> {
    connections.closeIdle()
    return telemetry.close()
  }

  return { ...telemetry, drain, close }
}

type Invocation = AskedRequest & {
  readonly env: { readonly lambdaContext?: LambdaContext; readonly requestContext: RequestContext }
}

type RequestContext = LambdaEvent['requestContext']

/** The registry's name, which the package does not have: there it is `faas.invocation.id`. */
const invocationId = 'faas.invocation_id'

/**
 * What is known of an invocation and not before: of the account too, because the resource is made when the process
 * starts, and only an invocation tells the function's ARN. An alias or a version after the name is no part of the
 * function's id.
 */
function describeInvocation(lambda: LambdaContext | undefined): Attributes {
  if (lambda === undefined) return {}
  const { awsRequestId, invokedFunctionArn } = lambda
  const parts = invokedFunctionArn.split(':')
  return {
    [invocationId]: awsRequestId,
    [ATTR_AWS_LAMBDA_INVOKED_ARN]: invokedFunctionArn,
    [ATTR_CLOUD_RESOURCE_ID]: parts.slice(0, 7).join(':'),
    ...(parts[4] !== undefined && { [ATTR_CLOUD_ACCOUNT_ID]: parts[4] }),
  }
}

function readClientAddress(requestContext: RequestContext, request: Request): string | undefined {
  const said =
    'identity' in requestContext
      ? requestContext.identity
      : 'http' in requestContext && requestContext.http
  if (said && 'sourceIp' in said && said.sourceIp) return said.sourceIp
  // A load balancer adds the address that it saw as the last.
  return request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()
}

/** A load balancer does not tell. */
function readProtocol(requestContext: RequestContext): string | undefined {
  if ('http' in requestContext) return requestContext.http.protocol
  return 'protocol' in requestContext ? requestContext.protocol : undefined
}

/** What Lambda tells a function about itself. */
function readFunctionAttributes(): Readonly<Record<string, string>> {
  const told = {
    'cloud.region': process.env.AWS_REGION,
    'faas.name': process.env.AWS_LAMBDA_FUNCTION_NAME,
    'faas.version': process.env.AWS_LAMBDA_FUNCTION_VERSION,
  }
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
}

/** Resolves when `work` has, or after so many milliseconds; work that takes longer goes on by itself. */
async function settleWithin(millis: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, millis)
    }),
  ])
  clearTimeout(timer)
}
