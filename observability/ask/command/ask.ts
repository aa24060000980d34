import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { describeError } from '../../plumbing/describe-error.ts'
import { escapeLines } from '../../plumbing/escape-controls.ts'
import { outliveReaders } from '../../plumbing/outlive-readers.ts'
import { isHttpUrl } from '../../plumbing/parse-http-url.ts'
import { AskError, createCollectorQuestions } from '../ask-collector.ts'
import { collectorDefault } from '../collector-default.ts'
import type { Tool } from '../tools/tool.ts'
import { tools } from '../tools/tools.ts'
import { listToolFlags, readToolArguments, type ToolFlag } from './tool-flags.ts'

outliveReaders()
try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`ask: ${escapeLines(describe(error))}\n`)
  process.exitCode = error instanceof AskError && error.status === 404 ? 1 : 2
}

/** @returns The exit code. */
async function run([name = '--help', ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h') {
    process.stdout.write(renderUsage())
    return 0
  }
  const tool = tools.find((one) => nameCommand(one) === name)
  if (tool === undefined)
    throw new AskError(
      `expected one of ${tools.map(nameCommand).join(', ')}, got ${name}; see --help`,
    )
  const flags = listToolFlags(tool)
  const { values, positionals } = parseFlags(flags, args)
  if (values.help === true) {
    process.stdout.write(renderCommand(tool, flags))
    return 0
  }
  const given = readToolArguments(flags, values, positionals)
  const { data, text, outcome } = await tool.answer(openCollector(values.collector), given)
  process.stdout.write(
    `${values.json === true ? JSON.stringify(data, null, 2) : escapeLines(text)}\n`,
  )
  return outcome === 'found' ? 0 : 1
}

/** `traces`, not `find_traces`: a command says what it is about. */
function nameCommand({ name }: Tool): string {
  return name.replace('find_', '').replace('_', '-')
}

function openCollector(given: unknown) {
  const address = typeof given === 'string' ? given : collectorDefault
  if (isHttpUrl(address)) return createCollectorQuestions(address)
  throw new AskError(`--collector: expected a URL such as ${collectorDefault}, got ${address}`)
}

function parseFlags(
  flags: readonly ToolFlag[],
  args: readonly string[],
): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] } {
  const own = flags
    .filter(({ isPositional }) => !isPositional)
    .map(({ flag, kind }) => [flag, { type: 'string' as const, multiple: kind === 'list' }])
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(own),
        json: { type: 'boolean' },
        collector: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new AskError(`${describeError(error)}; see --help`)
  }
}

function describe(error: unknown): string {
  if (!v.isValiError(error)) return describeError(error)
  const reasons = error.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`)
  return `${reasons.join('; ')}; see --help`
}

function renderUsage(): string {
  const width = Math.max(...tools.map((tool) => nameCommand(tool).length))
  const lines = tools.map((tool) => `  ${nameCommand(tool).padEnd(width)}  ${tool.title}`)
  return `Asks a collector what it has stored, and how the runtimes differ.

Usage: npm run --silent ask -- COMMAND [options]

${lines.join('\n')}

  --json            all of the answer as JSON
  --collector URL   which collector (${collectorDefault})
  --help            this text, or behind a command what it takes

Exits with 0; with 1 when nothing was found, or compare found a difference that nobody declared;
with 2 when it was asked in a wrong way, or no collector answers.
`
}

function renderCommand(tool: Tool, flags: readonly ToolFlag[]): string {
  const positional = flags.filter(({ isPositional }) => isPositional)
  const names = positional.map(({ flag }) => ` ${flag.toUpperCase()}`).join('')
  const lines = flags.map(({ flag, isPositional, kind, description }) => {
    const repeated = kind === 'list' ? ', given several times' : ''
    return `  ${isPositional ? flag.toUpperCase() : `--${flag}`}\n      ${description}${repeated}\n`
  })
  return `${tool.title}. ${tool.description}

Usage: npm run --silent ask -- ${nameCommand(tool)}${names} [options]

${lines.join('')}  --json, --collector URL, --help\n`
}
