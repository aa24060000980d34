import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Target } from '../../observability/driver/play/play-round.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { isHttpUrl, parseHttpUrl } from '../../observability/plumbing/parse-http-url.ts'
import { parseWhole } from '../../observability/plumbing/parse-whole.ts'
import { readEnvFile } from '../application/read-env-file.ts'
import type { AppChoice } from '../application/read-served.ts'
import { StartError } from '../processes/start-error.ts'
import { dataFolderHelp, toDataFolder } from '../start/data-folder.ts'

/** The options of `npm run load`, checked and with their defaults. */
export type LoadArguments = {
  /** The app whose scenario is played. */
  readonly app: AppChoice
  /** A file; `null`: the application's own scenario, or one of its routes. */
  readonly scenario: string | null
  /** Empty: the runtimes that `npm start` runs. */
  readonly targets: readonly Target[]
  readonly ratePerSecond: number
  /** `null`: until it is stopped. */
  readonly seconds: number | null
  /** The data folder of an `npm start`; `null`: the usual one. */
  readonly data: string | null
  /** URL of the collector for the driver's own spans; `null`: that of `npm start`. */
  readonly collector: string | null
}

const defaults = { rate: 2 }
const rateMax = 500
const secondsMax = 7 * 24 * 60 * 60
const targetsMax = 50

/** The text of `npm run load -- --help`. */
export const loadHelp = `Plays a scenario on every runtime, at a steady rate, until it is stopped.

  npm run load                                      the runtimes of \`npm start\`
  npm run load -- --rate 20 --seconds 60
  npm run load -- --target prod=https://api.example.workers.dev

  --app FILE          the app whose routes are asked, every GET without parameters (this repository's app)
  --env-file FILE     variables for it
  --scenario FILE     a scenario to play instead; see docs/compare.md
  --data FOLDER       ${dataFolderHelp}
  --target NAME=URL   another target that serves the API, may be repeated
  --rate N            requests a second on each target, without those that prepare an operation (${defaults.rate})
  --seconds N         stops after this time
  --collector URL     destination of its own spans, the roots of the traces
                      (OTEL_EXPORTER_OTLP_ENDPOINT, or else that of \`npm start\`)
  --help              this text

It stops by itself if nothing answers for the first 10 s.

Exit code: 0 if some requests succeeded on every target, 1 if all failed on one, 2 if it could not run.
`

/**
 * Reads the command line of `npm run load`.
 *
 * @throws StartError that quotes what cannot be understood.
 */
export function parseLoadArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): LoadArguments | 'help' {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        app: { type: 'string' },
        'env-file': { type: 'string' },
        scenario: { type: 'string' },
        data: { type: 'string' },
        target: { type: 'string', multiple: true },
        rate: { type: 'string' },
        seconds: { type: 'string' },
        collector: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) return 'help'
    // A shell may hold one for other programs, such as `host:4317` of gRPC.
    const shell = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? ''
    const collector = values.collector ?? (isHttpUrl(shell) ? shell : null)
    return {
      app: { app: values.app, variables: readEnvFile(values['env-file']) },
      scenario: values.scenario === undefined ? null : resolve(values.scenario),
      targets: parseTargets(values.target ?? []),
      ratePerSecond: parseWhole('--rate', values.rate ?? `${defaults.rate}`, 1, rateMax),
      seconds:
        values.seconds === undefined
          ? null
          : parseWhole('--seconds', values.seconds, 1, secondsMax),
      data: values.data === undefined ? null : toDataFolder(values.data),
      collector: collector === null ? null : parseHttpUrl('--collector', collector),
    }
  } catch (error) {
    throw new StartError(`${describeError(error)}; --help lists what there is`)
  }
}

function parseTargets(values: readonly string[]): readonly Target[] {
  if (values.length > targetsMax)
    throw new Error(`--target: expected at most ${targetsMax}, got ${values.length}`)
  const targets = values.map((value) => {
    const [, name, url] = /^([\w.-]+)=(.+)$/.exec(value) ?? []
    if (name === undefined || url === undefined)
      throw new Error(`--target: expected NAME=URL, got ${JSON.stringify(value)}`)
    return { name, url: parseHttpUrl(`--target ${name}`, url) }
  })
  const twice = targets.find(({ name }, at) => targets.findIndex((one) => one.name === name) !== at)
  if (twice === undefined) return targets
  throw new Error(`--target: ${twice.name} is named twice; give each target a different name`)
}
