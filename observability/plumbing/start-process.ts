import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describeError } from './describe-error.ts'

/** A program, how it is run, and how it is ended. */
export type ProcessOptions = {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
  /** Whether it gets a process group of its own, which Ctrl-C in our terminal does not reach. Defaults to no. */
  readonly detached?: boolean
  /** Takes each line that the process writes, as it came. */
  readonly onLine: (line: string, output: 'stdout' | 'stderr') => void
  /** Asks the process to end. Defaults to SIGTERM. */
  readonly stopSignal?: NodeJS.Signals
  /** Ends the process if it still runs after `stopMillisMax`. Defaults to SIGKILL. */
  readonly lastSignal?: NodeJS.Signals
  /** Defaults to 6 s, which is more than a runtime of ours allows itself. */
  readonly stopMillisMax?: number
}

/** A process that we started, and will end. */
export type RunningProcess = {
  readonly pid: number
  /** Resolves with how the process ended, such as `exit code 1` or `SIGKILL`. Never rejects. */
  readonly ended: Promise<string>
  /** Whether it has ended. */
  hasEnded(): boolean
  /** Ends it; resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** @throws Error if the program does not exist or may not be run. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { program, args, onLine, stopMillisMax = 6000 } = options
  const child = spawn(program, args, {
    ...(options.env !== undefined && { env: options.env }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.uid !== undefined && { uid: options.uid }),
    ...(options.gid !== undefined && { gid: options.gid }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  })
  createInterface({ input: child.stdout }).on('line', (line) => onLine(line, 'stdout'))
  createInterface({ input: child.stderr }).on('line', (line) => onLine(line, 'stderr'))
  const ended = once(child, 'close').then(
    ([code, signal]) => String(signal ?? `exit code ${code}`),
    (error) => describeError(error),
  )
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error('it has no process id')

  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid,
    ended,
    hasEnded,
    async stop(signal = options.stopSignal ?? 'SIGTERM') {
      if (!hasEnded()) child.kill(signal)
      const last = setTimeout(() => child.kill(options.lastSignal ?? 'SIGKILL'), stopMillisMax)
      await ended
      clearTimeout(last)
    },
  }
}
