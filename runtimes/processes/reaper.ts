import { createInterface } from 'node:readline'

// A process that outlives the one that started it, for as long as it takes to clean up after it.
//
// It reads process ids, a line each; one with a minus has ended by itself. When its input ends without the word `done`,
// whoever wrote it is gone without having stopped what it started (kill -9, a closed terminal): then these are ended,
// PostgreSQL with the fast shutdown that SIGINT means to it.

const graceMillis = 4000

const pids = new Set<number>()
const lines = createInterface({ input: process.stdin })
for await (const line of lines) {
  if (line === 'done') process.exit(0)
  if (line.startsWith('-')) pids.delete(Number(line.slice(1)))
  else pids.add(Number(line))
}
for (const pid of pids) signal(pid, 'SIGINT')
await new Promise((resolve) => setTimeout(resolve, graceMillis))
for (const pid of pids) signal(pid, 'SIGKILL')

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}
