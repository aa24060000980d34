import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choosesColor } from '../observability/comparison/color-choice.ts'
import { compareOperations } from '../observability/comparison/compare-operations.ts'
import { renderTable } from '../observability/comparison/render-table.ts'
import type { OperationResult } from '../observability/comparison/scenario-result.ts'
import { fetchTraces } from './fetch-traces.ts'
import { findFreePort } from './free-port.ts'
import { type Played, playScenario } from './play-scenario.ts'
import { projectFolder } from './project-folder.ts'
import { reapOrphans } from './reap-orphans.ts'
import { findRuntimes, type Runtime, runtimes } from './runtimes.ts'
import { scenario } from './scenario.ts'
import { type Stack, startStack } from './stack.ts'
import { describeError, StartError } from './start-error.ts'

const names = runtimes.map(({ name }) => name)
const roundsDefault = 20
const roundsMax = 1000

const help = `Plays one scenario on every runtime and compares what they answered, traced and logged.

  npm run compare                          ${names.join(', ')}
  npm run compare -- --runtimes ${names.slice(0, 2).join(',')}

  --runtimes NAMES   which to compare, separated by commas; the first in the list is the reference
  --rounds N         how often to play it for the median times (${roundsDefault})
  --help             this text

Launches the runtimes, a PostgreSQL and a collector by itself, on free ports, and ends them.
Exit code: 0 when nothing differs but what is known to, 1 on any other difference, 2 when it could not run.
`

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const given = parseCompareArguments(process.argv.slice(2))
  if (given === 'help') {
    process.stdout.write(help)
    return 0
  }
  const callOffReaper = reapOrphans()
  try {
    progress(`starting ${given.runtimes.map(({ name }) => name).join(', ')}`)
    const stack = await startOwnStack(given.runtimes)
    try {
      return await compare(stack, given)
    } finally {
      progress('ending what was started')
      await stack.stop()
    }
  } finally {
    callOffReaper()
  }
}

type CompareArguments = { readonly runtimes: readonly Runtime[]; readonly rounds: number }

function parseCompareArguments(args: readonly string[]): CompareArguments | 'help' {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runtimes: { type: 'string', default: names.join(',') },
        rounds: { type: 'string', default: String(roundsDefault) },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    const rounds = Number(values.rounds)
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > roundsMax)
      throw new Error(
        `--rounds: expected a whole number from 1 to ${roundsMax}, got ${JSON.stringify(values.rounds)}`,
      )
    return { runtimes: findRuntimes(values.runtimes.split(',').map((name) => name.trim())), rounds }
  } catch (error) {
    throw new StartError(`${describeError(error)}; --help lists what there is`)
  }
}

/** On free ports and with data of its own, so that a running `npm start` is neither needed nor disturbed. */
async function startOwnStack(chosen: readonly Runtime[]): Promise<Stack> {
  const ports = new Map<string, number>()
  for (const { name } of chosen) ports.set(name, await findFreePort())
  return startStack({
    runtimes: chosen,
    ports,
    database: {
      kind: 'embedded',
      folder: join(projectFolder, '.data', 'compare'),
      port: await findFreePort(),
    },
    collector: { kind: 'embedded', port: await findFreePort(), args: [] },
    variables: { OTEL_BSP_SCHEDULE_DELAY: '100', OTEL_BLRP_SCHEDULE_DELAY: '100' },
    onLine: () => {},
    onReady: () => {},
    onMissing: (part, reason) => process.stderr.write(`${part} is left out: ${reason}\n`),
  })
}

async function compare(stack: Stack, { rounds }: CompareArguments): Promise<number> {
  const played = new Map<string, Played[][]>(
    stack.services.map(({ runtime }) => [runtime.name, []]),
  )
  // The first round finds everything cold, on every runtime in another way: it is played and not counted.
  for (let round = 0; round <= rounds; round += 1) {
    progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`)
    for (const { runtime, url } of stack.services) {
      const results = await playScenario(url, scenario)
      if (round > 0) played.get(runtime.name)?.push([...results])
    }
  }
  progress('waiting for the traces')
  const results = await collectResults(stack, played)
  progress('')
  const comparison = compareOperations(results, {
    known: stack.services.flatMap(({ runtime }) => runtime.knownDifferences),
  })
  process.stdout.write(
    renderTable(comparison, {
      columns: process.stdout.columns ?? 120,
      color: choosesColor(process.env, process.stdout.isTTY),
    }),
  )
  return comparison.known.undeclared.length + comparison.known.stale.length > 0 ? 1 : 0
}

/** The last round is the one whose answers and traces are compared; all of them are timed. */
async function collectResults(
  stack: Stack,
  played: ReadonlyMap<string, readonly (readonly Played[])[]>,
): Promise<readonly OperationResult[]> {
  const last = [...played].flatMap(([runtime, rounds]) =>
    (rounds.at(-1) ?? []).map((result, index) => ({
      runtime,
      result,
      durationsMillis: rounds.flatMap((round) => round[index]?.millis ?? []),
    })),
  )
  const traces = await fetchTraces(
    stack.collectorUrl,
    last.map(({ result }) => result),
  )
  return last.map(({ runtime, result, durationsMillis }) => ({
    operation: result.operation,
    runtime,
    repetitions: durationsMillis.map((clientMillis) => ({
      answer: result.answer,
      trace: traces.get(result.traceId) ?? null,
      clientMillis,
    })),
  }))
}

/** One line that is written over, where somebody is watching. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}
