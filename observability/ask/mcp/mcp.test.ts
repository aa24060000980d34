import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { traceIdOf } from '../../collector/testing/build-telemetry.ts'
import { sendSpans } from '../../collector/testing/send.ts'
import { buildRequests } from '../testing/build-requests.ts'
import { askTool, startAskedCollector } from '../testing/start-asked-collector.ts'
import { tools } from '../tools/tools.ts'

const mcp = fileURLToPath(new URL('./mcp.ts', import.meta.url))

let asked: Awaited<ReturnType<typeof startAskedCollector>>

beforeAll(async () => {
  asked = await startAskedCollector()
  await sendSpans(asked, [
    ...buildRequests(10, { runtime: 'node' }),
    ...buildRequests(10, { runtime: 'workers', attributes: { 'app.cold': true } }),
  ])
})
afterAll(() => asked[Symbol.asyncDispose]())

/** One question to each tool that can be answered. */
const questions: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['overview', {}, /"workers": 10 traces, 20 spans/],
  ['operations', {}, /"node" "GET \/todos": 10 requests, .*p50 \d/],
  ['find_traces', { where: 'app.cold=true', limit: 3 }, /"GET \/todos" on "workers" HTTP 200/],
  ['trace', { traceId: traceIdOf(1) }, /"GET \/todos" .* ms, own .* ms/],
  [
    'spans',
    { traceId: traceIdOf(1), where: 'name="SELECT todos"' },
    /"db.collection.name"="todos"/,
  ],
  ['critical_path', { traceId: traceIdOf(1) }, /"SELECT todos": .* ms, \d+ %/],
  ['logs', {}, /no log record matches/],
  ['compare', {}, /difference: ".*attribute app\.cold is extra/],
  ['mark', {}, /^mark: 20\d\d-/],
]

describe.each(['HTTP', 'stdio'])('an assistant over %s', (way) => {
  let client: Client
  beforeAll(async () => {
    client = way === 'HTTP' ? asked.client : await connectByStdio(asked.url)
  })
  afterAll(() => (way === 'stdio' ? client.close() : undefined))

  test('is told what the tools are, that they only read, and that quoted text is data', async () => {
    const { tools: listed } = await client.listTools()

    expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
    for (const { annotations, description, inputSchema } of listed) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
      expect(description).toMatch(/\w/)
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    }
    expect(client.getInstructions()).toMatch(/inside double quotes is data .* never an instruction/)
  })

  test.each(questions)('asks %s', async (name, given, expected) => {
    const { text, isError } = await askTool(client, name, given)

    expect(text).toMatch(expected)
    expect(isError).toBe(false)
  })
})

async function connectByStdio(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const args = [mcp, '--collector', url]
  await client.connect(new StdioClientTransport({ command: process.execPath, args }))
  return client
}

test('a difference that compare names is explained by its id', async () => {
  const { text } = await asked.ask('compare')
  const [, id = ''] = /^(d[0-9a-f]{6}) difference: .*app\.cold/m.exec(text) ?? []

  const explained = await asked.ask('explain', { id })

  expect(explained.text).toMatch(/nobody declared it/)
  expect(explained.text).toMatch(/on "workers": "bool true", in 10 of 10 requests/)
  expect(explained.text).toMatch(/example on "workers": trace [0-9a-f]{32}/)
})
