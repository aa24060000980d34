import { parentPort, workerData } from 'node:worker_threads'
import { createMcpHandler } from '@modelcontextprotocol/server'
import * as v from 'valibot'
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

const { collectorUrl } = v.parse(v.object({ collectorUrl: v.string() }), workerData)
const collector = createCollectorQuestions(collectorUrl)
const queue = createQueue()
const handler = createMcpHandler(() => createMcpServer(collector, queue), {
  // The tools never change, and nothing else is told.
  maxSubscriptions: 0,
})

parentPort?.on('message', (message: unknown) => void answer(message))

async function answer(message: unknown): Promise<void> {
  const { id, method, url, headers, body } = v.parse(questionSchema, message)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const request = new Request(new URL(url, collectorUrl), {
    method,
    headers,
    ...(hasBody && { body }),
  })
  const response = await handler.fetch(request)
  parentPort?.postMessage({
    id,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  })
}
