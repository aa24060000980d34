import { spawnSync } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { describeError } from '../../../plumbing/describe-error.ts'
import { startProcess } from '../../../plumbing/start-process.ts'

/** Why Go could not do what was asked, in a sentence and the last lines that it wrote. */
export class GoError extends Error {
  override readonly name = 'GoError'
}

export type GoOptions = {
  /** Outside our modules, so that no go.mod above can change the build. */
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
  /** Ends it after this; a first build takes minutes. */
  readonly millisMax: number
  /** Told what it is at, every quarter of a minute at least. */
  readonly report: (text: string) => void
}

const linesMax = 30

/**
 * Runs the `go` command.
 *
 * @returns its standard output.
 * @throws GoError when it fails, or does not end in time.
 */
export async function runGo(args: readonly string[], options: GoOptions): Promise<string> {
  const env = {
    ...process.env,
    GOWORK: 'off',
    GOFLAGS: '-mod=mod -buildvcs=false',
    ...options.environment,
  }
  const { report } = options
  const output: string[] = []
  const lastLines: string[] = []
  const child = await startProcess({
    program: 'go',
    args,
    cwd: options.cwd,
    env,
    onLine(line, stream) {
      if (stream === 'stdout') output.push(line)
      lastLines.push(line)
      if (lastLines.length > linesMax) lastLines.shift()
      const step = /\t([A-Z][a-z ]+[a-z])(?:\t|$)/.exec(line)?.[1]
      if (step !== undefined) report(step.toLowerCase())
    },
  }).catch((cause) => {
    throw new GoError(`go ${args[0]} failed (${describeError(cause)})`, { cause })
  })
  // Two thousand packages on all cores: other work on this machine goes first.
  if (!child.hasEnded()) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  const since = performance.now()
  const seconds = () => Math.round((performance.now() - since) / 1000)
  const ticker = setInterval(() => report(`${seconds()} s`), 15_000)
  const timer = setTimeout(() => void child.stop(), options.millisMax)
  try {
    const status = await child.ended
    if (status === 'exit code 0') return output.join('\n')
    throw new GoError(`go ${args[0]} failed (${status}):\n${lastLines.join('\n')}`)
  } finally {
    clearInterval(ticker)
    clearTimeout(timer)
  }
}

/** @throws GoError when there is no Go of that minor version or a newer one. */
export function checkGo(minorMin: number): void {
  const { stdout, error } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' })
  if (error !== undefined) throw new GoError(`go: not found, expected Go 1.${minorMin} or newer`)
  const minor = Number(/^go1\.(\d+)/.exec(stdout.trim())?.[1])
  if (!(minor >= minorMin))
    throw new GoError(`go: ${stdout.trim()}, expected Go 1.${minorMin} or newer`)
}
