import type { IncomingMessage, ServerResponse } from 'node:http'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'
import { describeError } from '../../plumbing/describe-error.ts'
import type { CollectorBounds } from '../bounds.ts'
import { problemAnswer, QueryProblem } from '../query/problem.ts'
import type { InFlight } from '../receive/in-flight.ts'
import { overloaded, readBody } from '../receive/read-body.ts'
import { Refusal } from '../receive/refusal.ts'
import type { Answer } from '../receive/respond.ts'

/** Questions that a program in a thread of its own answers, so that its work never holds up receiving. */
export type WorkerQuestions = {
  /** Never rejects: what cannot be answered gives a problem document. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<Answer>
  close(): Promise<void>
}

/** An HTTP request, whole, as the program is given it. */
type Passed = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Options = {
  /**
   * A module that is run as a worker, with `{ collectorUrl }` as its data. It is sent a method, a URL, headers and a
   * body, with an `id`, and sends back a status, headers and a body, with the same `id`.
   */
  readonly program: URL
  readonly collectorUrl: string
  readonly inFlight: InFlight
  readonly bounds: Pick<CollectorBounds, 'bodyMillisMax'>
  readonly log: (line: string) => void
}

/** A question is a few names and conditions. */
const questionBytesMax = 256 * 1024
/** Asked and not answered yet. */
const waitingMax = 256
const heapMegabytesMax = 512

const answerSchema = v.object({
  id: v.number(),
  status: v.number(),
  headers: v.record(v.string(), v.string()),
  body: v.string(),
})

/** Starts the program with the first question, and again after it has failed. */
export function createWorkerQuestions(options: Options): WorkerQuestions {
  const { inFlight, log } = options
  const waiting = new Map<number, (answer: Answer) => void>()
  let worker: Worker | undefined
  let lastId = 0

  function start(): Worker {
    const started = new Worker(options.program, {
      workerData: { collectorUrl: options.collectorUrl },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
      execArgv: [],
    })
    // The collector stops when its server does, whatever is still worked on here.
    started.unref()
    started.on('message', (message: unknown) => {
      const { id, ...answer } = v.parse(answerSchema, message)
      waiting.get(id)?.(answer)
    })
    started.on('error', (error) => log(`what answers questions failed: ${describeError(error)}`))
    started.on('exit', () => {
      if (worker === started) worker = undefined
      for (const settle of waiting.values()) settle(failed)
    })
    return started
  }

  async function readQuestion(request: IncomingMessage, response: ServerResponse) {
    const lease = inFlight.enter()
    if (lease === undefined) throw overloaded()
    try {
      const bounds = {
        bodyBytesMax: questionBytesMax,
        bodyMillisMax: options.bounds.bodyMillisMax,
      }
      const body = await readBody(request, response, lease, bounds)
      return body.toString('utf8')
    } finally {
      lease.leave()
    }
  }

  function pass(question: Passed): Promise<Answer> {
    if (waiting.size >= waitingMax) throw overloaded()
    lastId += 1
    const id = lastId
    worker ??= start()
    worker.postMessage({ ...question, id })
    return new Promise<Answer>((resolve) => waiting.set(id, resolve)).finally(() =>
      waiting.delete(id),
    )
  }

  return {
    async answer(request, response) {
      try {
        const body = await readQuestion(request, response)
        const { method = 'GET', url = '/' } = request
        return await pass({ method, url, headers: readHeaders(request), body })
      } catch (error) {
        return problemAnswer(toProblem(error))
      }
    },
    async close() {
      await worker?.terminate()
    },
  }
}

const failed = problemAnswer(
  new QueryProblem(500, 'the program that answers failed on this or another question, ask again'),
)

function readHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  )
}

function toProblem(error: unknown): QueryProblem {
  if (!(error instanceof Refusal)) return new QueryProblem(500, describeError(error))
  const { status, message, headers } = error
  if (status === 503) return new QueryProblem(503, message, headers)
  return new QueryProblem(status === 413 ? 413 : 400, message)
}
