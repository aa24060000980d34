import { type ApiOperation, apiPaths } from './api-paths.ts'

/** All that can be asked, as a text for a terminal. */
export function renderDirectory(): string {
  const lines = Object.entries(apiPaths).flatMap(([path, operations]) =>
    Object.entries<ApiOperation>(operations).map(([method, { summary, parameters = {} }]) => {
      const names = Object.keys(parameters).join(', ')
      const asked = names === '' ? '' : `\n${wrap(names)}`
      return `${method.padEnd(7)}${path.padEnd(24)}${summary}${asked}`
    }),
  )
  return `An OpenTelemetry collector. In a browser this address is a page.

POST   /v1/traces /v1/logs /v1/metrics   OTLP/HTTP, JSON or protobuf
POST   /mcp                    Questions of assistants: MCP over Streamable HTTP
${lines.join('\n')}
`
}

/** At most 100 characters a line, under the summary. */
function wrap(names: string): string {
  return names.replace(/(.{1,69})(?:\s|$)/g, `${' '.repeat(31)}$1\n`).trimEnd()
}
