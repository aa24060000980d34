import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { watchProcesses } from './child.ts'

/**
 * From now on, every process that this one starts is ended even when this one is killed outright.
 *
 * @returns Calls it off, for the end of a stop in good order.
 */
export function reapOrphans(): () => void {
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Without a reaper all goes on as well, only a kill -9 leaves something behind.
  reaper.on('error', () => {})
  reaper.stdin.on('error', () => {})
  reaper.unref()
  watchProcesses({
    started: (pid) => reaper.stdin.write(`${pid}\n`),
    ended: (pid) => reaper.stdin.write(`-${pid}\n`),
  })
  return () => reaper.stdin.end('done\n')
}
