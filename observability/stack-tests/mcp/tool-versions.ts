import { join } from 'node:path'

/** Where the protocol's own programs are installed. */
export const toolsFolder = join(import.meta.dirname, '../../../.cache/mcp')

export const toolVersions = {
  '@modelcontextprotocol/conformance': '0.1.16',
  '@modelcontextprotocol/inspector': '2.12.0',
} as const
