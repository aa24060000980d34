import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { CollectorOptions } from '../../collector/start-collector.ts'
import { startTestCollector } from '../../collector/testing/start-test-collector.ts'

const mcpProgram = new URL('../mcp/mcp-worker.ts', import.meta.url)

/** What a tool answered an assistant. */
export type Asked = { readonly text: string; readonly isError: boolean }

/** A collector, and the protocol's own client that asks it over HTTP; both end with the scope. */
export async function startAskedCollector(options: Partial<CollectorOptions> = {}) {
  const collector = await startTestCollector({ mcpProgram, ...options })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${collector.url}/mcp`)))
  return {
    ...collector,
    client,
    ask: (name: string, given: Record<string, unknown> = {}) => askTool(client, name, given),
    async [Symbol.asyncDispose]() {
      await client.close()
      await collector.close()
    },
  }
}

/** Calls a tool; its answer is one text. */
export async function askTool(
  client: Client,
  name: string,
  given: Record<string, unknown>,
): Promise<Asked> {
  const { content, isError = false } = await client.callTool({ name, arguments: given })
  const [first] = content
  if (first?.type !== 'text' || content.length !== 1)
    throw new Error(`expected one text, got ${JSON.stringify(content)}`)
  return { text: first.text, isError }
}
