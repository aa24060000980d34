import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type FailOn, parseFailOn } from '../../observability/comparison/report/judge-report.ts'
import { seedMax } from '../../observability/comparison/statistics/seeded-random.ts'
import { conventionsDefault } from '../../observability/driver/conventions/read-registry.ts'
import {
  parseSourceAddress,
  type SourceAddress,
} from '../../observability/driver/sources/trace-source.ts'
import { asksForConventionsAlone } from '../../observability/driver/stored/compare-stored.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { parseWhole } from '../../observability/plumbing/parse-whole.ts'
import { parseWhere, type Where } from '../../observability/wire/where/where.ts'
import { StartError } from '../processes/start-error.ts'
import { toDataFolder } from '../start/data-folder.ts'
import { nameOption } from './name-option.ts'

/** What `npm run compare` is asked to compare of traces that are there already. */
export type StoredArguments = {
  /** An attribute whose values are the groups; `null`: each run or file is one. */
  readonly by: string | null
  /** Runs of the collector: ids, `last`, `current`. */
  readonly runs: readonly string[]
  /** Files of OTLP, each with the name of its group. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
  readonly where: Where
  readonly whereText: string
  /** Milliseconds back from now; `null` for all. */
  readonly windowMillis: number | null
  readonly reference: string | null
  /** `null`: the collector of `npm start`. */
  readonly traces: SourceAddress | null
  /** The data folder of an `npm start`; `null`: the usual one. */
  readonly data: string | null
  readonly seed: number
  readonly out: string
  readonly failOn: FailOn
  readonly conventions: string
  readonly verbose: boolean
}

const letters = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const storedFlags = ['--by', '--run', ...letters.map((letter) => `--${letter}`)]

/** Whether a command line asks for a comparison of what is stored. */
export function asksForStored(args: readonly string[]): boolean {
  return args.some((arg) => storedFlags.includes(arg.split('=', 1)[0] ?? ''))
}

/** The part of `--help` about comparing what is stored. */
export const storedHelp = `what is there already, without playing
  --by ATTRIBUTE         compare requests by an attribute of their server span or its resource,
                         such as service.version or deployment.environment.name
  --run RUN              a run that the collector keeps: an id, last, or current; several are compared
  --a FILE --b FILE      files of OTLP, Tempo or Jaeger, up to --f; several are compared
  --where CONDITIONS     these requests alone, such as 'http.route=/x http.response.status_code>=500'
  --window TIME          the newest, such as 30m, 1h, 7d (all; of a Tempo: 1h)
  --reference VALUE      the group that the others are compared with (the first)
`

/**
 * Reads the command line of a comparison of stored traces.
 *
 * @throws StartError that quotes what cannot be understood.
 */
export function parseStoredArguments(args: readonly string[]): StoredArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        by: { type: 'string' },
        run: { type: 'string', multiple: true },
        a: { type: 'string' },
        b: { type: 'string' },
        c: { type: 'string' },
        d: { type: 'string' },
        e: { type: 'string' },
        f: { type: 'string' },
        where: { type: 'string' },
        window: { type: 'string' },
        reference: { type: 'string' },
        traces: { type: 'string' },
        data: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string' },
        'fail-on': { type: 'string' },
        conventions: { type: 'string' },
        verbose: { type: 'boolean' },
      },
    })
    const runs = values.run ?? []
    const paths = letters.flatMap((letter) => {
      const path = values[letter]
      return path === undefined ? [] : [{ letter, path: resolve(path) }]
    })
    const files = nameFiles(paths)
    const by = values.by ?? null
    if (runs.length > 0 && files.length > 0) throw new Error('expected --run or files, got both')
    const failOn = nameOption('--fail-on', () => parseFailOn(values['fail-on'] ?? 'parity'))
    const least = asksForConventionsAlone(failOn) ? 1 : 2
    if (by === null && runs.length + files.length < least)
      throw new Error(
        'expected --by, or two runs or files to compare; one is enough with --fail-on conventions',
      )
    const whereText = values.where ?? ''
    return {
      by,
      runs,
      files,
      where: nameOption('--where', () => parseWhere(whereText)),
      whereText,
      windowMillis: values.window === undefined ? null : parseWindow(values.window),
      reference: values.reference ?? null,
      traces:
        values.traces === undefined
          ? null
          : nameOption('--traces', () => parseSourceAddress(values.traces ?? '')),
      data: values.data === undefined ? null : toDataFolder(values.data),
      seed: parseWhole('--seed', values.seed ?? '1', 0, seedMax),
      out: resolve(values.out ?? 'compare-report'),
      failOn,
      conventions: values.conventions ?? conventionsDefault,
      verbose: values.verbose ?? false,
    }
  } catch (error) {
    throw new StartError(`${describeError(error)}; --help lists what there is`)
  }
}

/** By their names; two of one name, in two folders, by their letters. */
function nameFiles(paths: readonly { readonly letter: string; readonly path: string }[]) {
  const names = paths.map(({ path }) => basename(path))
  const isAlone = (name: string) => names.indexOf(name) === names.lastIndexOf(name)
  return paths.map(({ letter, path }) => ({
    name: isAlone(basename(path)) ? basename(path) : letter,
    path,
  }))
}

const unitMillis: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 }

function parseWindow(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,5})([smhd])$/.exec(text) ?? []
  const millis = Number(digits) * (unitMillis[unit] ?? Number.NaN)
  if (millis > 0) return millis
  throw new Error(`--window: expected a time such as 30m, 1h or 7d, got ${JSON.stringify(text)}`)
}
