import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { parseHttpUrl } from '../../observability/plumbing/parse-http-url.ts'
import { parseWhole } from '../../observability/plumbing/parse-whole.ts'
import { readEnvFile } from '../application/read-env-file.ts'
import type { AppChoice } from '../application/read-served.ts'
import { StartError } from '../processes/start-error.ts'
import type { Runtime } from '../runtime.ts'
import { findRuntimes, runtimes } from '../runtimes.ts'
import { dataFolderHelp, toDataFolder } from './data-folder.ts'
import type { StackOptions } from './stack.ts'

/** The options of `npm start`, checked and with their defaults. */
export type StartArguments = {
  readonly help: boolean
  /** Shows every line of every part, PostgreSQL's small talk included. */
  readonly verbose: boolean
  readonly app: AppChoice
  /** Launches the runtimes anew when the app changes. */
  readonly watch: boolean
  /** Where data is kept, and what runs is written down. */
  readonly data: string
  readonly stack: Pick<StackOptions, 'runtimes' | 'ports' | 'database' | 'collector'>
}

const names = runtimes.map(({ name }) => name)

/** The text of `npm start -- --help`. */
export const startHelp = `Runs an app on ${names.join(', ')}, with an embedded collector, and a PostgreSQL if it needs one.

  npm start                                   everything
  npm start -- --runtimes ${names.slice(0, 2).join(',')}        some of it
  npm start -- --app ../shop/src/app.ts       your Hono app, see docs/own-app.md

  --app FILE             the app to run, instead of this repository's own
  --env-file FILE        variables for it, on every runtime
  --watch                launch the runtimes anew when that app changes
  --runtimes NAMES       runtimes to run, separated by commas
  --port NAME=PORT       port of a runtime, may be repeated (${runtimes.map(({ name, port }) => `${name} ${port}`).join(', ')})
  --collector URL        send to this collector instead of starting one
  --collector-port PORT  port of the embedded collector (4318)
  --collector-config F   configuration of the embedded collector (observability/stack/collector.yaml)
  --keep N               starts whose traces and logs the collector keeps on disk (5)
  --fresh                delete those of earlier starts, except pinned ones
  --no-keep              keep traces and logs in memory only
  --forward URL          also send everything from the embedded collector to this OTLP endpoint
  --postgres-port PORT   port of the embedded PostgreSQL (54320)
  --data FOLDER          ${dataFolderHelp}
  --verbose              show all output of the parts, as they write it
  --help                 this text

  DATABASE_URL           use that PostgreSQL instead of an embedded one
  OTEL_*                 handed to every runtime, except the endpoints; see docs/environment.md
`

/**
 * Reads the command line of `npm start`.
 *
 * @throws StartError that quotes what cannot be understood.
 */
export function parseStartArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StartArguments {
  try {
    return readArguments(args, env.DATABASE_URL)
  } catch (error) {
    throw new StartError(`${describeError(error)}; --help lists what there is`)
  }
}

function readArguments(args: readonly string[], shellDatabase: string | undefined): StartArguments {
  const values = parseFlags(args)
  if (values.watch === true && values.app === undefined)
    throw new Error('--watch: expected --app beside it')
  const data = toDataFolder(values.data)
  const variables = readEnvFile(values['env-file'])
  const database = variables.DATABASE_URL ?? shellDatabase
  return {
    help: values.help ?? false,
    verbose: values.verbose ?? false,
    app: { app: values.app, variables },
    watch: values.watch ?? false,
    data,
    stack: {
      runtimes: parseRuntimes(values.runtimes),
      ports: parsePorts(values.port ?? []),
      database:
        database === undefined || database === ''
          ? {
              kind: 'embedded',
              folder: data,
              port: parseWhole('--postgres-port', values['postgres-port'] ?? '54320', 1, 65_535),
            }
          : { kind: 'other', url: database },
      collector:
        values.collector === undefined
          ? {
              kind: 'embedded',
              port: parseWhole('--collector-port', values['collector-port'] ?? '4318', 1, 65_535),
              args: [
                ...(values['no-keep'] === true ? ['--no-keep'] : ['--runs', join(data, 'runs')]),
                ...(values.keep === undefined ? [] : ['--keep', values.keep]),
                ...(values.fresh === true ? ['--fresh'] : []),
                ...(values.forward === undefined
                  ? []
                  : [
                      '--forward',
                      parseUrl('--forward', 'COLLECTOR_FORWARD_HEADERS', values.forward),
                    ]),
                ...(values['collector-config'] === undefined
                  ? []
                  : ['--config', values['collector-config']]),
              ],
            }
          : {
              kind: 'other',
              url: parseUrl('--collector', 'OTEL_EXPORTER_OTLP_HEADERS', values.collector),
            },
    },
  }
}

function parseFlags(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      app: { type: 'string' },
      'env-file': { type: 'string' },
      watch: { type: 'boolean' },
      runtimes: { type: 'string' },
      port: { type: 'string', multiple: true },
      collector: { type: 'string' },
      'collector-port': { type: 'string' },
      'collector-config': { type: 'string' },
      forward: { type: 'string' },
      'postgres-port': { type: 'string' },
      data: { type: 'string' },
      keep: { type: 'string' },
      fresh: { type: 'boolean' },
      'no-keep': { type: 'boolean' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values
}

function parseRuntimes(value: string | undefined): readonly Runtime[] {
  if (value === undefined) return runtimes
  const wanted = value.split(',').map((name) => name.trim())
  try {
    return findRuntimes(wanted)
  } catch (error) {
    throw new Error(`--runtimes: ${describeError(error)}`)
  }
}

function parsePorts(values: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    values.map((value) => {
      const [name = '', port = ''] = value.split('=')
      if (!names.includes(name))
        throw new Error(
          `--port: expected NAME=PORT with a name of ${names.join(', ')}, got ${JSON.stringify(value)}`,
        )
      return [name, parseWhole(`--port ${name}`, port, 1, 65_535)]
    }),
  )
}

/** Without user and password: the screen and process lists show the URL. */
function parseUrl(option: string, headers: string, value: string): string {
  if (/^[^/?#]*:\/\/[^/?#]*@/.test(value))
    throw new Error(
      `${option}: expected a URL without user and password; ${headers} takes them, as authorization=Basic%20…`,
    )
  return parseHttpUrl(option, value)
}
