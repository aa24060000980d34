import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tools } from '../../ask/tools/tools.ts'
import type { Collector } from '../../collector/start-collector.ts'
import { buildGroup, buildSpan } from '../../collector/testing/build-telemetry.ts'
import { sendSpans } from '../../collector/testing/send.ts'
import { startTestCollector } from '../../collector/testing/start-test-collector.ts'
import { toolsFolder } from './tool-versions.ts'

const mcpProgram = new URL('../../ask/mcp/mcp-worker.ts', import.meta.url)
const stdioProgram = join(import.meta.dirname, '../../ask/mcp/mcp.ts')

let collector: Collector & AsyncDisposable

beforeAll(async () => {
  collector = await startTestCollector({ mcpProgram })
  await sendSpans(collector, [buildGroup([buildSpan({ name: 'GET /seen' })])])
})
afterAll(() => collector[Symbol.asyncDispose]())

function run(program: string, args: readonly string[]): Promise<string> {
  const path = join(toolsFolder, 'node_modules/@modelcontextprotocol', program)
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' }
    execFile(process.execPath, [path, ...args], { env, cwd: toolsFolder }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    )
  })
}

/** The scenarios that ask nothing of a server but what the protocol does; the others want tools of their own. */
const scenarios = [
  ['server-initialize', 1],
  ['ping', 1],
  ['tools-list', 1],
  ['dns-rebinding-protection', 2],
] as const

describe("the protocol's conformance suite", () => {
  test.each(scenarios)('passes %s', async (scenario, checks) => {
    const args = ['server', '--url', `${collector.url}/mcp`, '--scenario', scenario]

    const output = await run('conformance/dist/index.js', args)

    expect(output).toContain(`Passed: ${checks}/${checks}, 0 failed, 0 warnings`)
  })
})

describe("the protocol's inspector", () => {
  const inspector = 'inspector/clients/launcher/build/index.js'
  const ways = [
    ['HTTP', () => [`${collector.url}/mcp`, '--transport', 'http']],
    ['stdio', () => [process.execPath, stdioProgram, '--collector', collector.url]],
  ] as const

  test.each(ways)('lists the tools over %s', async (_, target) => {
    const output = await run(inspector, ['--cli', ...target(), '--method', 'tools/list'])

    expect(JSON.parse(output).tools.map(({ name }: { name: string }) => name)).toEqual(
      tools.map(({ name }) => name),
    )
  })

  test.each(ways)('calls a tool over %s', async (_, target) => {
    const call = ['--method', 'tools/call', '--tool-name', 'find_traces']

    const output = await run(inspector, ['--cli', ...target(), ...call])

    expect(output).toContain('GET /seen')
  })
})
