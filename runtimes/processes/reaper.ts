import { createInterface } from 'node:readline'

// A process that outlives its starter just long enough to clean up after it.
//
// It reads process ids, one a line; an id with a minus has ended by itself. If its input ends without the word `done`,
// the starter was killed (kill -9, a closed terminal) before it stopped its processes. The reaper then ends them;
// PostgreSQL gets SIGINT, its fast shutdown.

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
