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
  /** What asks it to end. Defaults to SIGTERM. */
  readonly stopSignal?: NodeJS.Signals
  /** What ends it when asking did not, after `stopMillisMax`. Defaults to SIGKILL. */
  readonly lastSignal?: NodeJS.Signals
  /** Defaults to 6 s, which is more than a runtime of ours allows itself. */
  readonly stopMillisMax?: number
}

/** A process that we started, and will end. */
export type Child = {
  readonly pid: number
  /** Resolves with how it ended, such as `exit code 1` or `SIGKILL`, whoever ended it. Never rejects. */
  readonly ended: Promise<string>
  /** Whether it has ended. */
  hasEnded(): boolean
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>
}

/** Told of every process that `startChild` starts, and when it has ended: then its id may be somebody else's. */
export type ProcessWatcher = {
  started(pid: number): void
  ended(pid: number): void
}

const watchers = new Set<ProcessWatcher>()

/** Watches all processes that are started from now on. */
export function watchProcesses(watcher: ProcessWatcher): void {
  watchers.add(watcher)
}

/**
 * Starts a process in a group of its own: Ctrl-C in a terminal must reach only us, who know in which order things
 * have to end.
 *
 * @throws StartError when there is no such program, or it may not be run.
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
  // What strangers are called may be in it: PostgreSQL quotes the name of whoever was refused.
  const show = (line: string) => onLine(escapeControls(line.replaceAll('\t', '  ')))
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
