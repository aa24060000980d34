import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { escapeControls } from '../../observability/plumbing/escape-controls.ts'
import { StartError } from './start-error.ts'

export type ChildOptions = {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
  /** Takes each line that the child writes, on either output, fit for a terminal. */
  readonly onLine: (line: string) => void
  /** Asks the process to end. Defaults to SIGTERM. */
  readonly stopSignal?: NodeJS.Signals
  /** Ends the process if it still runs after `stopMillisMax`. Defaults to SIGKILL. */
  readonly lastSignal?: NodeJS.Signals
  /** Defaults to 6 s, which is more than a runtime of ours allows itself. */
  readonly stopMillisMax?: number
}

/** A process that we started, and will end. */
export type Child = {
  readonly pid: number
  /** Resolves with how the process ended, such as `exit code 1` or `SIGKILL`. Never rejects. */
  readonly ended: Promise<string>
  /** Whether it has ended. */
  hasEnded(): boolean
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>
}

/** Hears of the start and end of every process of `startChild`; after the end its id may belong to another process. */
export type ProcessWatcher = {
  started(pid: number): void
  ended(pid: number): void
}

/** Of whoever colours without asking whether it is a terminal, as Hono's logger does. */
const color = new RegExp(`${'\x1b'}\\[[\\d;]*m`, 'g')

const watchers = new Set<ProcessWatcher>()

/** Watches all processes that are started from now on. */
export function watchProcesses(watcher: ProcessWatcher): void {
  watchers.add(watcher)
}

/**
 * Starts a process in its own group: Ctrl-C in a terminal must reach only us, because we stop processes in order.
 *
 * @throws StartError if the program does not exist or may not be run.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { program, args, env, onLine, stopMillisMax = 6000 } = options
  const child = spawn(program, args, {
    ...(env !== undefined && { env }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.uid !== undefined && { uid: options.uid }),
    ...(options.gid !== undefined && { gid: options.gid }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  // The line may hold a stranger's text: PostgreSQL quotes the user name of a refused client. Colours only go.
  const show = (line: string) =>
    onLine(escapeControls(line.replaceAll(color, '').replaceAll('\t', '  ')))
  createInterface({ input: child.stdout }).on('line', show)
  createInterface({ input: child.stderr }).on('line', show)
  const ended = once(child, 'close').then(
    ([code, signal]) => String(signal ?? `exit code ${code}`),
    (error) => describeError(error),
  )
  try {
    await once(child, 'spawn')
  } catch (cause) {
    throw new StartError(`cannot run ${program}: ${describeError(cause)}`, { cause })
  }
  const { pid } = child
  if (pid === undefined) throw new StartError(`cannot run ${program}: it has no process id`)

  for (const watcher of watchers) watcher.started(pid)
  void ended.then(() => {
    for (const watcher of watchers) watcher.ended(pid)
  })

  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid,
    ended,
    hasEnded,
    async stop() {
      if (!hasEnded()) child.kill(options.stopSignal ?? 'SIGTERM')
      const last = setTimeout(() => child.kill(options.lastSignal ?? 'SIGKILL'), stopMillisMax)
      await ended
      clearTimeout(last)
    },
  }
}
