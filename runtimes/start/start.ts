import { resolve } from 'node:path'
import { escapeLines } from '../../observability/plumbing/escape-controls.ts'
import { outliveReaders } from '../../observability/plumbing/outlive-readers.ts'
import { pollUntil } from '../../observability/plumbing/poll-until.ts'
import { readServed } from '../application/read-served.ts'
import type { Served } from '../application/served.ts'
import { watchProcesses } from '../processes/child.ts'
import { claimEnvironment } from '../processes/claim-environment.ts'
import { exitSoon } from '../processes/exit-soon.ts'
import { reapOrphans } from '../processes/reap-orphans.ts'
import { StartError } from '../processes/start-error.ts'
import { makeDataFolder } from './data-folder.ts'
import { relaunchOnChange } from './relaunch-on-change.ts'
import { removeRunning, writeRunning } from './running.ts'
import { type Stack, startStack } from './stack.ts'
import { parseStartArguments, type StartArguments, startHelp } from './start-arguments.ts'
import { createScreen, type Screen } from './start-screen.ts'

/** How long what was starting may take to end, once it was told to. */
const interruptedMillisMax = 5000

outliveReaders()
try {
  const given = parseStartArguments(process.argv.slice(2), process.env)
  if (given.help) process.stdout.write(startHelp)
  else await start(given)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(escapeLines(`${error.message}\n`))
  process.exitCode = 2
}
exitSoon()

async function start(given: StartArguments): Promise<void> {
  const served = await readServed(given.app, given.stack.runtimes)
  const variables = { REQUEST_LINES: process.env.REQUEST_LINES ?? 'true' }
  const options = { ...given.stack, served, variables }
  const callOffReaper = reapOrphans()
  const pids = new Set<number>()
  /** Each is the leader of a group, which its own children may be left of: wrangler's outlive it by a moment. */
  const groups = new Set<number>()
  watchProcesses({
    started(pid) {
      pids.add(pid)
      groups.add(pid)
      // Begun by what had not noticed yet that all is called off.
      if (asked) killGroup(pid, 'SIGINT')
    },
    ended: (pid) => pids.delete(pid),
  })
  const interruption = new AbortController()
  const claimed = claimEnvironment(process.env, options.database.kind)
  const screen = createScreen(options, given.verbose)
  screen.showVariables(claimed)
  const stopAsked = Promise.withResolvers<string>()
  let stack: Stack | undefined
  let asked = false

  function onSignal(name: string): void {
    if (asked) {
      for (const pid of pids) killGroup(pid, 'SIGKILL')
      process.exit(1)
    }
    asked = true
    stopAsked.resolve(name)
    if (stack !== undefined) return
    // A part that is still starting cannot be stopped in order: it fails, and the start with it.
    screen.showEnd(name)
    interruption.abort(new StartError('interrupted'))
    for (const pid of pids) killGroup(pid, 'SIGINT')
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal)
  // npm runs this by a shell, which does not pass on the signal that ends it.
  const parent = process.ppid
  const watchParent = setInterval(() => {
    if (process.ppid !== parent && !asked) onSignal('the process that started this has ended')
  }, 500)

  try {
    await makeDataFolder(given.data)
    stack = await startStack({
      ...options,
      onLine: screen.showLine,
      onMissing: screen.showMissing,
      onReady: screen.showReady,
      signal: interruption.signal,
    })
    screen.showSummary(stack)
    const forget = await noteRunning(given, served, stack, screen)
    const end = await Promise.race([stopAsked.promise, stack.failed])
    screen.showEnd(end)
    process.exitCode = typeof end === 'string' ? 0 : 1
    await forget()
    await stack.stop()
    screen.showStopped()
  } catch (error) {
    if (!asked) throw error
    await endWhatIsLeft(pids, groups)
    screen.showStopped()
  } finally {
    callOffReaper()
    clearInterval(watchParent)
    // The handlers of signals would keep this process alive.
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
  }
}

/** Writes down what runs, and watches the app if that is asked for. @returns Takes both back. */
async function noteRunning(
  { app, data, watch, stack: { runtimes } }: StartArguments,
  { bundle }: Served,
  stack: Stack,
  screen: Screen,
): Promise<() => Promise<void>> {
  await writeRunning(data, {
    pid: process.pid,
    app: app.app === undefined ? null : resolve(app.app),
    collectorUrl: stack.collectorUrl,
    services: stack.services.map(({ runtime, url }) => ({ name: runtime.name, url })),
  })
  const unwatch =
    watch && bundle !== undefined
      ? await relaunchOnChange({ app, bundle, runtimes, stack, say: screen.showNews })
      : async () => {}
  return async () => {
    await unwatch()
    await removeRunning(data, process.pid)
  }
}

/** Waits until all have ended, and ends by force what has not in time. */
async function endWhatIsLeft(pids: ReadonlySet<number>, groups: Set<number>): Promise<void> {
  const areGone = () => {
    // An ended process is forgotten at once: its id may soon belong to another.
    for (const pid of groups) if (!pids.has(pid) && !kill(-pid, 0)) groups.delete(pid)
    return pids.size === 0 && groups.size === 0
  }
  await pollUntil(areGone, interruptedMillisMax)
  for (const pid of groups) kill(-pid, 'SIGKILL')
  for (const pid of pids) kill(pid, 'SIGKILL')
}

/** Signals a process and its own children; Windows has no groups, so there it is the process alone. */
function killGroup(pid: number, signal: NodeJS.Signals): void {
  if (!kill(-pid, signal)) kill(pid, signal)
}

/** Signals a process, or a group by its negative id. @returns Whether it was there. */
function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
