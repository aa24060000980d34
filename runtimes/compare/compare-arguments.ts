import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type FailOn, parseFailOn } from '../../observability/comparison/report/judge-report.ts'
import { seedMax } from '../../observability/comparison/statistics/seeded-random.ts'
import { conventionsDefault } from '../../observability/driver/conventions/read-registry.ts'
import type { Target } from '../../observability/driver/play/play-round.ts'
import { splitCredentials } from '../../observability/driver/sources/credentials.ts'
import {
  parseLogsAddress,
  parseSourceAddress,
  type SourceAddress,
} from '../../observability/driver/sources/trace-source.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { parseWhole } from '../../observability/plumbing/parse-whole.ts'
import { readEnvFile } from '../application/read-env-file.ts'
import type { AppChoice } from '../application/read-served.ts'
import { StartError } from '../processes/start-error.ts'
import type { Runtime } from '../runtime.ts'
import { findRuntimes, runtimes } from '../runtimes.ts'
import { dataFolderHelp, toDataFolder } from '../start/data-folder.ts'
import { nameOption } from './name-option.ts'
import { storedHelp } from './stored-arguments.ts'

/** The options of `npm run compare`, checked and with their defaults. */
export type CompareArguments = {
  readonly app: AppChoice
  readonly runtimes: readonly Runtime[]
  /** Whether the person named them: then none may be left out. */
  readonly areRuntimesNamed: boolean
  readonly targets: readonly Target[]
  /** `null`: the first. */
  readonly reference: string | null
  /** Whether to use what runs already: always, never, or if all of it does. */
  readonly running: 'always' | 'never' | 'if-all'
  /** Where runtimes that are launched and the driver send; `null`: a collector of our own. */
  readonly collector: string | null
  /** `null`: the same collector. */
  readonly traces: SourceAddress | null
  /** The URL of a Loki; `null`: where the traces are. */
  readonly logs: string | null
  /** `null`: the application's own, or else one of its routes. */
  readonly scenario: string | null
  /** Where to write a scenario to begin with, instead of a comparison. */
  readonly writeScenario: string | null
  readonly rounds: number
  readonly warmUpRounds: number
  readonly ratePerSecond: number
  readonly seed: number
  readonly waitSeconds: number
  readonly fanOut: boolean
  /** The data folder of an `npm start`, where a PostgreSQL of our own keeps its data too; `null`: the usual one. */
  readonly data: string | null
  readonly out: string
  readonly baseline: string | null
  readonly failOn: FailOn
  readonly conventions: string
  readonly verbose: boolean
}

const names = runtimes.map(({ name }) => name)

/** By these a default run on two cores takes about a minute, and a p95 has both its ends. */
const defaults = { rounds: 80, warmUp: 10, rate: 80, wait: 15 }
const roundsMax = 2000

/** The text of `npm run compare -- --help`. */
export const compareHelp = `Plays one scenario on every runtime and compares what they answered, traced and logged, and how long it took.

  npm run compare                                   ${names.join(', ')}
  npm run compare -- --runtimes ${names.slice(0, 2).join(',')}
  npm run compare -- --runtimes node --target prod=https://api.example.workers.dev \\
      --collector http://127.0.0.1:4318 --traces tempo:http://127.0.0.1:3200

what to compare
  --app FILE             an app of your own, launched on each; see docs/own-app.md
  --env-file FILE        variables for it, on every runtime
  --runtimes NAMES       local runtimes, separated by commas (all; none when there are targets)
  --target NAME=URL      another target, which serves the same API; may be repeated
  --reference NAME       the one that the others are compared with (the first)
  --running | --launch   use what \`npm start\` runs, or launch anew (uses what runs if all of it does)
  --data FOLDER          ${dataFolderHelp}
  --scenario FILE        what to play, instead of the app's own scenario or its GETs; see docs/compare.md
  --write-scenario FILE  writes one of the app's routes to begin with, and compares nothing

how to measure
  --rounds N             how often each operation is measured (${defaults.rounds})
  --warm-up N            rounds before that, which do not count (${defaults.warmUp})
  --rate N               requests a second while a runtime has its turn (${defaults.rate})
  --seed N               repeats the order and the gaps of another run (by chance)
  --fan-out              besides, ask all of them in one trace per operation

where traces are
  --collector URL        where launched runtimes and the driver send their spans (an embedded one);
                         with tempo: something must say where that Tempo has its traces from
  --traces URL           where to fetch traces: a collector's URL, or tempo:URL (the collector)
  --logs loki:URL        where to fetch log records when traces come from Tempo, which has none
  --wait SECONDS         how long to wait for traces when nothing new arrives (${defaults.wait})

${storedHelp}
what comes of it
  --out FOLDER           where the report goes: index.html, compare.json, compare.md, junit.xml (compare-report)
  --baseline FILE        a compare.json of before: says what is new, gone, changed or slower
  --fail-on WHAT         parity, latency:1.5x, conventions, several with commas, or none (parity);
                         conventions:improvement fails on what is merely recommended too
  --conventions VERSION  of the semantic conventions that traces are held to (${conventionsDefault})
  --verbose              prints latencies, where time goes and known differences as well
  --help                 this text

  COMPARE_TRACES_TOKEN    sent as a bearer token to where traces are fetched, such as Grafana's proxy
  COMPARE_TRACES_HEADERS  headers for the same, as name=value with commas between them
  OTEL_EXPORTER_OTLP_HEADERS  headers for the driver's own spans, in the same form

Exit code: 0 when nothing fails, 1 when something does, 2 when it could not run or not to its end.
`

/**
 * Reads the command line of `npm run compare`.
 *
 * @throws StartError that quotes what cannot be understood.
 */
export function parseCompareArguments(args: readonly string[]): CompareArguments | 'help' {
  try {
    const values = parseFlags(args)
    if (values.help) return 'help'
    if (values.running && values.launch) {
      throw new Error('--running and --launch exclude each other')
    }
    const targets = (values.target ?? []).map(parseTarget)
    const chosen = parseRuntimes(values.runtimes, targets.length > 0)
    const all = [...chosen.map(({ name }) => name), ...targets.map(({ name }) => name)]
    const twice = all.find((name, index) => all.indexOf(name) !== index)
    if (twice !== undefined)
      throw new Error(`${twice} is named twice; each needs a name of its own`)
    if (values.reference !== undefined && !all.includes(values.reference)) {
      throw new Error(
        `--reference: expected one of ${all.join(', ')}, got ${JSON.stringify(values.reference)}`,
      )
    }
    return {
      app: { app: values.app, variables: readEnvFile(values['env-file']) },
      runtimes: chosen,
      areRuntimesNamed: values.runtimes !== undefined,
      targets,
      reference: values.reference ?? null,
      running: values.running ? 'always' : values.launch ? 'never' : 'if-all',
      collector: values.collector === undefined ? null : parseCollector(values.collector),
      traces:
        values.traces === undefined
          ? null
          : nameOption('--traces', () => parseSourceAddress(values.traces ?? '')),
      logs: values.logs === undefined ? null : parseLogs(values.logs, values.traces ?? ''),
      scenario: values.scenario === undefined ? null : toPath('--scenario', values.scenario),
      writeScenario:
        values['write-scenario'] === undefined
          ? null
          : toPath('--write-scenario', values['write-scenario']),
      rounds: parseNumber('--rounds', values.rounds, 1, roundsMax, defaults.rounds),
      warmUpRounds: parseNumber('--warm-up', values['warm-up'], 0, roundsMax, defaults.warmUp),
      ratePerSecond: parseNumber('--rate', values.rate, 1, 2000, defaults.rate),
      seed: parseNumber('--seed', values.seed, 0, seedMax, Math.floor(Math.random() * seedMax)),
      waitSeconds: parseNumber('--wait', values.wait, 1, 600, defaults.wait),
      fanOut: values['fan-out'] ?? false,
      data: values.data === undefined ? null : toDataFolder(values.data),
      out: toPath('--out', values.out ?? 'compare-report'),
      baseline: values.baseline === undefined ? null : toPath('--baseline', values.baseline),
      failOn: nameOption('--fail-on', () => parseFailOn(values['fail-on'] ?? 'parity')),
      conventions: values.conventions ?? conventionsDefault,
      verbose: values.verbose ?? false,
    }
  } catch (error) {
    throw new StartError(`${describeError(error)}; --help lists what there is`)
  }
}

function parseFlags(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      app: { type: 'string' },
      'env-file': { type: 'string' },
      runtimes: { type: 'string' },
      target: { type: 'string', multiple: true },
      reference: { type: 'string' },
      running: { type: 'boolean' },
      launch: { type: 'boolean' },
      data: { type: 'string' },
      scenario: { type: 'string' },
      'write-scenario': { type: 'string' },
      rounds: { type: 'string' },
      'warm-up': { type: 'string' },
      rate: { type: 'string' },
      seed: { type: 'string' },
      'fan-out': { type: 'boolean' },
      collector: { type: 'string' },
      traces: { type: 'string' },
      logs: { type: 'string' },
      wait: { type: 'string' },
      out: { type: 'string' },
      baseline: { type: 'string' },
      'fail-on': { type: 'string' },
      conventions: { type: 'string' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values
}

function parseRuntimes(value: string | undefined, hasTargets: boolean): readonly Runtime[] {
  if (value === undefined) return hasTargets ? [] : runtimes
  return nameOption('--runtimes', () => findRuntimes(value.split(',').map((name) => name.trim())))
}

function parseTarget(value: string): Target {
  const [, name, url] = /^([\w.-]+)=(.+)$/.exec(value) ?? []
  if (name === undefined || url === undefined) {
    throw new Error(`--target: expected NAME=URL, got ${JSON.stringify(value)}`)
  }
  const option = `--target ${name}`
  const parsed = parseUrl(option, url)
  // Each request has a path of its own, which comes after that of the URL.
  if (/[?#]/.test(parsed)) {
    throw new Error(`${option}: expected a URL without ? and #, got ${JSON.stringify(url)}`)
  }
  return { name, url: parsed }
}

/** An embedded collector has the log records itself. */
function parseLogs(value: string, traces: string): string {
  const url = nameOption('--logs', () => parseLogsAddress(value))
  if (traces.startsWith('tempo:')) return url
  throw new Error(
    '--logs: expected --traces tempo:URL beside it; a collector has log records itself',
  )
}

/** `fetch` and the runtimes' exporters take no credentials from a URL. */
function parseCollector(value: string): string {
  const url = parseUrl('--collector', value)
  if (splitCredentials(url).url === url) return url
  throw new Error(
    '--collector: expected a URL without user and password; OTEL_EXPORTER_OTLP_HEADERS takes them',
  )
}

function parseUrl(option: string, value: string): string {
  const protocol = URL.canParse(value) ? new URL(value).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return value.replace(/\/$/, '')
  throw new Error(`${option}: expected an http:// or https:// URL, got ${JSON.stringify(value)}`)
}

function parseNumber(
  option: string,
  value: string | undefined,
  least: number,
  most: number,
  otherwise: number,
): number {
  if (value === undefined) return otherwise
  return parseWhole(option, value, least, most)
}

/** From where the person stands, as with any command. */
function toPath(option: string, path: string): string {
  if (path === '') throw new Error(`${option}: expected a path, got ""`)
  return resolve(path)
}
