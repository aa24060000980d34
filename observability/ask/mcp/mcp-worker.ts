import { parentPort, workerData } from 'node:worker_threads'
import { createMcpHandler } from '@modelcontextprotocol/server'
import * as v from 'valibot'
import { describeError } from '../../plumbing/describe-error.ts'
import { createCollectorQuestions } from '../ask-collector.ts'
import { createMcpServer } from './create-mcp-server.ts'
import { createQueue } from './create-queue.ts'

// Answers `/mcp` of a collector in a thread of its own: the collector gives it whole requests, and it asks the collector
// as any other client does.

const questionSchema = v.object({
  id: v.number(),
  method: v.string(),
  url: v.string(),
  headers: v.record(v.string(), v.string()),
  body: v.string(),
})

type Question = v.InferOutput<typeof questionSchema>

const { collectorUrl } = v.parse(v.object({ collectorUrl: v.string() }), workerData)
const collector = createCollectorQuestions(collectorUrl)
const queue = createQueue()
const handler = createMcpHandler(() => createMcpServer(collector, queue), {
  // The tools never change, and nothing else is told.
  maxSubscriptions: 0,
})

parentPort?.on('message', (message: unknown) => void answer(message))

async function answer(message: unknown): Promise<void> {
  const { id, ...question } = v.parse(questionSchema, message)
  const response = await ask(question)
  parentPort?.postMessage({
    id,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  })
}

/** Never rejects: what one request does must not end the answers to others. */
async function ask({ method, url, headers, body }: Omit<Question, 'id'>): Promise<Response> {
  try {
    const hasBody = method !== 'GET' && method !== 'HEAD'
    // Throws for TRACE, which no Request may have.
    const request = new Request(new URL(url, collectorUrl), {
      method,
      headers,
      ...(hasBody && { body }),
    })
    return await handler.fetch(request)
  } catch (error) {
    return new Response(describeError(error), { status: 400 })
  }
}
