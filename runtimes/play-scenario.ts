import { randomBytes } from 'node:crypto'
import { type Answer, parseAnswerBody } from '../observability/comparison/answers.ts'
import type { Operation } from './scenario.ts'

/** One operation as it was played: what came back, how long it took, and by which trace to find it. */
export type Played = {
  readonly operation: string
  readonly answer: Answer | null
  readonly millis: number
  readonly traceId: string
  /** The span of ours that the request named as its parent. */
  readonly driverSpanId: string
}

const requestMillisMax = 10_000

/** Plays all operations once, one after the other, each in a trace of its own. */
export async function playScenario(
  url: string,
  operations: readonly Operation[],
): Promise<readonly Played[]> {
  const played: Played[] = []
  let todoPath = '/api/v1/todos/00000000-0000-4000-8000-000000000000'
  for (const operation of operations) {
    const result = await playOperation(url, operation, todoPath)
    const location = result.answer?.headers.find(([name]) => name === 'location')?.[1]
    if (location !== undefined) todoPath = new URL(location, url).pathname
    played.push(result)
  }
  return played
}

async function playOperation(url: string, operation: Operation, todoPath: string): Promise<Played> {
  const { method, path, body } = operation.createRequest(todoPath)
  const traceId = randomBytes(16).toString('hex')
  const driverSpanId = randomBytes(8).toString('hex')
  const since = performance.now()
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      traceparent: `00-${traceId}-${driverSpanId}-01`,
      'user-agent': 'todo-compare',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
    redirect: 'manual',
    signal: AbortSignal.timeout(requestMillisMax),
  })
    .then(readAnswer)
    .catch(() => null)
  return {
    operation: operation.name,
    answer,
    millis: performance.now() - since,
    traceId,
    driverSpanId,
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  return {
    status: response.status,
    headers: [...response.headers],
    body: parseAnswerBody(response.headers.get('content-type'), text),
  }
}
