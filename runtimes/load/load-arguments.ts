import { parseArgs } from 'node:util'
import type { Target } from '../../observability/driver/play/play-round.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { isHttpUrl, parseHttpUrl } from '../../observability/plumbing/parse-http-url.ts'
import { parseWhole } from '../../observability/plumbing/parse-whole.ts'
import { StartError } from '../processes/start-error.ts'

export type LoadArguments = {
  /** None: what `npm start` runs. */
  readonly targets: readonly Target[]
  readonly ratePerSecond: number
  /** `null`: until it is stopped. */
  readonly seconds: number | null
  /** Where the driver's own spans go. */
  readonly collector: string
}

const defaults = { rate: 2, collector: 'http://127.0.0.1:4318' }
const rateMax = 500
const secondsMax = 7 * 24 * 60 * 60
const targetsMax = 50

export const loadHelp = `Plays the Todo scenario on every runtime, at a steady rate, until it is stopped.

  npm run load                                      what \`npm start\` runs
  npm run load -- --rate 20 --seconds 60
  npm run load -- --target prod=https://todo.example.workers.dev

  --target NAME=URL   another place that serves the API; may be said more than once
  --rate N            requests a second on each, besides what an operation needs first (${defaults.rate})
  --seconds N         ends by itself after this
  --collector URL     where its own spans go, the roots of the traces
                      (OTEL_EXPORTER_OTLP_ENDPOINT, or else ${defaults.collector})
  --help              this text

Exit code: 0 when something worked on every target, 1 when nothing did on one, 2 when it could not run.
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
    const collector = values.collector ?? (isHttpUrl(shell) ? shell : defaults.collector)
    return {
      targets: parseTargets(values.target ?? []),
      ratePerSecond: parseWhole('--rate', values.rate ?? `${defaults.rate}`, 1, rateMax),
      seconds:
        values.seconds === undefined
          ? null
          : parseWhole('--seconds', values.seconds, 1, secondsMax),
      collector: parseHttpUrl('--collector', collector),
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
  throw new Error(`--target: ${twice.name} is named twice; each needs a name of its own`)
}
