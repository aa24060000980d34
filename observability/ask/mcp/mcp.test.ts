import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { buildGroup, buildSpan } from '../../collector/testing/build-telemetry.ts'
import { sendSpans } from '../../collector/testing/send.ts'
import { startTestCollector } from '../../collector/testing/start-test-collector.ts'

const mcpProgram = new URL('./mcp-worker.ts', import.meta.url)

test('an assistant asks a collector over HTTP', async () => {
  await using collector = await startTestCollector({ mcpProgram })
  await sendSpans(collector, [buildGroup([buildSpan({ name: 'GET /a' })])])
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${collector.url}/mcp`)))

  const { content } = await client.callTool({ name: 'find_traces', arguments: {} })

  expect(JSON.stringify(content)).toContain('GET /a')
  await client.close()
})
