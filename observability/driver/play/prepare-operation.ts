import { randomBytes } from 'node:crypto'
import { type Exchange, type HttpClient, type HttpRequest, readAnswer } from './http-client.ts'
import { parseMemory, parseRequest } from './parse-request.ts'
import type { Memory, Scenario, ScenarioOperation, ScenarioRequest } from './scenario.ts'

/** One operation that is ready to be sent: what it needs has been made. */
export type PreparedOperation = {
  readonly operation: ScenarioOperation
  /** `null` when what it needs could not be made: then there is nothing to be measured. */
  readonly request: HttpRequest | null
  readonly traceId: string
  readonly spanId: string
  readonly memory: Memory
  /** Why what it needs could not be made, such as `create answered 503`; `null` when it was. */
  readonly setup: string | null
}

/** The driver's name in `user-agent` and in its spans. */
export const driverName = 'compare-driver'

/**
 * Plays what an operation needs, unmeasured and untraced.
 *
 * @throws Only what a function of the scenario throws.
 */
export async function prepareOperation(
  client: HttpClient,
  scenario: Scenario,
  operation: ScenarioOperation,
): Promise<PreparedOperation> {
  let memory: Memory = {}
  let setup: string | null = null
  for (const name of operation.after ?? []) {
    const needed = scenario.operations.find((other) => other.name === name)
    if (needed === undefined) continue
    const exchange = await client.send(
      createRequest(readRequest(needed, memory), createUnsampled()),
    )
    memory = rememberAnswer(needed, exchange, memory)
    setup = describeSetup(needed, exchange)
    if (setup !== null) break
  }
  const ids = createIds()
  const traceparent = `00-${ids.traceId}-${ids.spanId}-01`
  const request = setup === null ? createRequest(readRequest(operation, memory), traceparent) : null
  return { operation, request, ...ids, memory, setup }
}

/**
 * Takes back what an operation, and what was played before it, left behind.
 *
 * @throws Only what a function of the scenario throws.
 */
export async function undoOperation(
  client: HttpClient,
  scenario: Scenario,
  { operation, memory }: PreparedOperation,
  exchange: Exchange,
): Promise<void> {
  const remembered = rememberAnswer(operation, exchange, memory)
  const before = (operation.after ?? []).flatMap(
    (name) => scenario.operations.find((other) => other.name === name) ?? [],
  )
  for (const done of [operation, ...before.toReversed()]) {
    const request = done.undo?.(remembered) ?? null
    if (request !== null) await client.send(createRequest(parseRequest(request), createUnsampled()))
  }
}

/** A random trace id (32 hex digits) and span id (16). */
export function createIds(): { readonly traceId: string; readonly spanId: string } {
  return { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') }
}

/** The request with its defaults. Header names become lower case; `traceparent` cannot be replaced by the scenario. */
export function createRequest(
  { method = 'GET', path, headers, body }: ScenarioRequest,
  traceparent: string,
): HttpRequest {
  const given = Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  return {
    method,
    path,
    headers: {
      'user-agent': driverName,
      accept: '*/*',
      ...(text !== null && { 'content-type': 'application/json' }),
      ...given,
      traceparent,
    },
    body: text,
  }
}

function readRequest(operation: ScenarioOperation, memory: Memory): ScenarioRequest {
  const { request } = operation
  return typeof request === 'function' ? parseRequest(request(memory)) : request
}

/** Whether a status is what the scenario says is right. */
export function isExpected({ expects }: ScenarioOperation, status: number): boolean {
  return expects === undefined ? status < 400 : status === expects
}

function describeSetup(needed: ScenarioOperation, { status, error }: Exchange): string | null {
  if (status === null) return `${needed.name} was not answered: ${error}`
  return isExpected(needed, status) ? null : `${needed.name} answered ${status}`
}

/** A parent that is not sampled, so that the target does not trace unmeasured requests. */
function createUnsampled(): string {
  const { traceId, spanId } = createIds()
  return `00-${traceId}-${spanId}-00`
}

function rememberAnswer(operation: ScenarioOperation, exchange: Exchange, memory: Memory): Memory {
  const answer = readAnswer(exchange)
  if (answer === null || operation.remember === undefined) return memory
  try {
    return { ...memory, ...parseMemory(operation.remember(answer, memory)) }
  } catch (error) {
    // Otherwise it is the target that failed, and not the scenario.
    if (isExpected(operation, answer.status)) throw error
    return memory
  }
}
