import { fileURLToPath } from 'node:url'
import { describeError } from '../plumbing/describe-error.ts'
import { escapeLines } from '../plumbing/escape-controls.ts'
import { makeFolder } from '../plumbing/make-folder.ts'
import { outliveReaders } from '../plumbing/outlive-readers.ts'
import { type CommandLine, parseCommandLine, usage } from './command-line.ts'
import { readCollectorConfig } from './config/read-collector-config.ts'
import { type Collector, startCollector } from './start-collector.ts'

const defaultConfigPath = fileURLToPath(new URL('../stack/collector.yaml', import.meta.url))
/** The output folder of `observability/viewer/build.ts`. */
const pageFolder = fileURLToPath(new URL('../../dist/viewer', import.meta.url))
/** Stands above the collector, which runs it as a program of its own. */
const mcpProgram = new URL('../ask/mcp/mcp-worker.ts', import.meta.url)
/** Beside the database of `npm start`. */
const runsFolder = fileURLToPath(new URL('../../.data/runs', import.meta.url))
const stopMillisMax = 3_000

outliveReaders()
try {
  const commandLine = parseCommandLine(process.argv.slice(2), process.env)
  if (commandLine === undefined) process.stdout.write(usage)
  else await run(commandLine)
} catch (error) {
  // Everything that can be wrong before it listens is the operator's to mend: a sentence, no stack.
  writeLine(describeError(error))
  process.exitCode = 2
}

async function run({ configPath, runs, ...options }: CommandLine): Promise<void> {
  if (runs?.folder !== undefined) await makeRunsFolder(runs.folder)
  const collector = await startCollector({
    pageFolder,
    mcpProgram,
    ...options,
    ...(runs && { runs: { ...runs, folder: runs.folder ?? runsFolder } }),
    config: readCollectorConfig(configPath ?? defaultConfigPath),
    log: writeLine,
  })
  stopOnSignal(collector)
  process.stdout.write(`collector: listening on ${collector.url}\n`)
}

/** One that somebody named: a mistake in it is said now, not when the first telemetry cannot be kept. */
async function makeRunsFolder(folder: string): Promise<void> {
  await makeFolder(folder, 0o700).catch((cause) => {
    throw new Error(
      `--runs: ${folder} cannot be made (${describeError(cause)}); name another folder, or say --no-keep`,
      { cause },
    )
  })
}

/** The line may quote a destination or a sender. */
function writeLine(line: string): void {
  process.stderr.write(`collector: ${escapeLines(line)}\n`)
}

function stopOnSignal(collector: Collector): void {
  const stop = () => {
    // A second signal, or a close that hangs, ends the process all the same.
    setTimeout(() => process.exit(1), stopMillisMax).unref()
    void collector.close()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
