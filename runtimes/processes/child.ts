import { describeError } from '../../observability/plumbing/describe-error.ts'
import { escapeControls } from '../../observability/plumbing/escape-controls.ts'
import {
  type ProcessOptions,
  type RunningProcess,
  startProcess,
} from '../../observability/plumbing/start-process.ts'
import { StartError } from './start-error.ts'

/** A program to run in a group of its own. `onLine` takes the lines of both outputs, fit for a terminal. */
export type ChildOptions = Omit<ProcessOptions, 'detached' | 'onLine'> & {
  readonly onLine: (line: string) => void
}

/** A process that we started, and will end. */
export type Child = RunningProcess

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
  const { program, onLine } = options
  const child = await startProcess({
    ...options,
    detached: true,
    // The line may hold a stranger's text: PostgreSQL quotes the user name of a refused client. Colours only go.
    onLine: (line) => onLine(escapeControls(line.replaceAll(color, '').replaceAll('\t', '  '))),
  }).catch((cause) => {
    throw new StartError(`cannot run ${program}: ${describeError(cause)}`, { cause })
  })
  for (const watcher of watchers) watcher.started(child.pid)
  void child.ended.then(() => {
    for (const watcher of watchers) watcher.ended(child.pid)
  })
  return child
}
