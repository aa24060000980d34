import { parseArgs } from 'node:util'
import { describeError } from '../plumbing/describe-error.ts'
import { parseEncodedHeaders, parseHeaders } from '../plumbing/parse-headers.ts'
import { parseWhole } from '../plumbing/parse-whole.ts'
import { splitList } from '../plumbing/split-list.ts'
import type { DeclaredDifferences } from '../wire/known-differences.ts'
import { parseEndpoint } from './forward/destination.ts'
import { parseTryPlan, type TryPlan } from './page/try/try-plan.ts'
import { parseDeclaredDifferences } from './query/declared-differences.ts'

/** The settings from command line and environment; a flag wins over its variable. */
export type CommandLine = {
  /** `undefined` for that of the definition, as for `port`. */
  readonly host: string | undefined
  readonly port: number | undefined
  /** `undefined` for the definition that comes with the collector. */
  readonly configPath: string | undefined
  readonly forward: { readonly endpoint: string; readonly headers: Headers } | undefined
  readonly allowedHosts: readonly string[]
  readonly corsOrigins: readonly string[]
  /** `undefined` for the usual one. */
  readonly title: string | undefined
  readonly tryPlan: TryPlan
  readonly declared: DeclaredDifferences
  /** What is kept on disk of each start; `undefined` for nothing. */
  readonly runs: KeptRuns | undefined
}

type KeptRuns = {
  /** `undefined` for `.data/runs` of this project. */
  readonly folder: string | undefined
  /** How many starts, the pinned ones aside. */
  readonly keepMax: number
  /** Whether all that is not pinned is removed first. */
  readonly isFresh: boolean
}

type Headers = Readonly<Record<string, string>>

/** The text of `npm run collector -- --help`. */
export const usage = `Usage: npm run collector -- [options]

  --port <number>             port for OTLP/HTTP, queries and /metrics
                              (COLLECTOR_PORT, default 4318; 0 for a free one)
  --host <address>            address to listen on (COLLECTOR_HOST, default 127.0.0.1)
  --config <path>             definition of the span metrics
                              (default: the collector.yaml of this project)
  --forward <url>             also send everything to this OTLP/HTTP endpoint
                              (COLLECTOR_FORWARD_ENDPOINT)
  --forward-header <k=v>      header to send with it, may be repeated
                              (COLLECTOR_FORWARD_HEADERS: k=v,k=v with percent-encoding)
  --allowed-host <name>       answer queries, and show the page, under this host name too,
                              with :port for a page behind a proxy on an unusual port; may be
                              repeated (COLLECTOR_ALLOWED_HOSTS: a,b)
  --cors-origin <origin>      let pages of this origin send telemetry, may be repeated
                              (COLLECTOR_CORS_ORIGINS: a,b)
  --title <text>              what the page is called (Traces)
  --service <name=url>        a service on this machine that the page may send requests to,
                              may be repeated
  --try <request>             a request of the page: METHOD /path and perhaps a JSON body,
                              may be repeated
  --known <json>              an accepted difference between runtimes, which the page marks
                              as known: {"runtime","reason","matches":{"kind"}};
                              may be repeated
  --reference <runtime>       the runtime that the others are compared with
  --runs <folder>             where telemetry is kept on disk (.data/runs)
  --keep <number>             starts of which it is kept, 1 to 100 (5); pinned ones stay
  --fresh                     remove what is kept of earlier starts, but for the pinned ones
  --no-keep                   keep telemetry in memory alone
  --help                      print this
`

/**
 * Reads flags and environment variables.
 *
 * @returns `undefined` when help was asked for.
 * @throws Error in one sentence that names the flag or variable, and never repeats a header's value.
 */
export function parseCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine | undefined {
  const values = parseFlags(args)
  if (values.help === true) return undefined
  const variable = (name: string) => environment[name] || undefined
  const endpoint = values.forward ?? variable('COLLECTOR_FORWARD_ENDPOINT')
  if (endpoint !== undefined) parseEndpoint(endpoint)
  const headers = {
    ...parseEncodedHeaders('COLLECTOR_FORWARD_HEADERS', variable('COLLECTOR_FORWARD_HEADERS')),
    ...parseHeaders('--forward-header', values['forward-header'] ?? []),
  }
  if (endpoint === undefined && values['forward-header'] !== undefined) {
    throw new Error('--forward-header: expected --forward as well; add it')
  }
  return {
    host: values.host,
    port:
      parsePort(values.port, '--port') ?? parsePort(variable('COLLECTOR_PORT'), 'COLLECTOR_PORT'),
    configPath: values.config,
    forward: endpoint === undefined ? undefined : { endpoint, headers },
    allowedHosts: values['allowed-host'] ?? splitList(variable('COLLECTOR_ALLOWED_HOSTS')),
    title: values.title,
    tryPlan: parseTryPlan(values.service ?? [], values.try ?? []),
    declared: parseDeclaredDifferences(values.known ?? [], values.reference),
    runs: readRuns(values),
    corsOrigins: values['cors-origin'] ?? splitList(variable('COLLECTOR_CORS_ORIGINS')),
  }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        config: { type: 'string' },
        forward: { type: 'string' },
        'forward-header': { type: 'string', multiple: true },
        'allowed-host': { type: 'string', multiple: true },
        'cors-origin': { type: 'string', multiple: true },
        service: { type: 'string', multiple: true },
        try: { type: 'string', multiple: true },
        known: { type: 'string', multiple: true },
        reference: { type: 'string' },
        title: { type: 'string' },
        runs: { type: 'string' },
        keep: { type: 'string' },
        fresh: { type: 'boolean' },
        'no-keep': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (cause) {
    throw new Error(`${describeError(cause)}; see --help`, { cause })
  }
}

function readRuns(values: ReturnType<typeof parseFlags>): KeptRuns | undefined {
  const { runs: folder, keep, fresh: isFresh = false } = values
  const others = { '--runs': folder, '--keep': keep, '--fresh': values.fresh }
  if (values['no-keep'] === true) {
    const [given] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
    if (given !== undefined) throw new Error(`--no-keep: expected no ${given} beside it`)
    return undefined
  }
  return { folder, keepMax: parseWhole('--keep', keep ?? '5', 1, 100), isFresh }
}

function parsePort(text: string | undefined, name: string): number | undefined {
  return text === undefined ? undefined : parseWhole(name, text, 0, 65_535)
}
