import { parseArgs } from 'node:util'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { describeError } from '../../plumbing/describe-error.ts'
import { isHttpUrl } from '../../plumbing/parse-http-url.ts'
import { createCollectorQuestions } from '../ask-collector.ts'
import { collectorDefault } from '../collector-default.ts'
import { createMcpServer } from './create-mcp-server.ts'
import { createQueue } from './create-queue.ts'

const usage = `Answers an assistant's questions about a collector, on standard input and output (MCP over stdio).

Usage: npm run --silent mcp -- [options]

  --collector URL   which collector (${collectorDefault})
  --help            print this

A collector that runs answers the same at /mcp, without this program.
`

try {
  const { values } = parseArgs({
    options: { collector: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  const address = values.collector ?? collectorDefault
  if (values.help === true) process.stdout.write(usage)
  else if (!isHttpUrl(address))
    throw new Error(`--collector: expected a URL such as ${collectorDefault}, got ${address}`)
  else serve(address)
} catch (error) {
  process.stderr.write(`mcp: ${describeError(error)}\n`)
  process.exitCode = 2
}

/** Ends with its standard input. */
function serve(address: string): void {
  const collector = createCollectorQuestions(address)
  const queue = createQueue()
  serveStdio(() => createMcpServer(collector, queue), {
    maxSubscriptions: 0,
    onerror: (error) => process.stderr.write(`mcp: ${error.message}\n`),
  })
}
