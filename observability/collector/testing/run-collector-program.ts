import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { pollUntil } from '../../plumbing/poll-until.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** The collector in a process of its own, which ends with the scope that it was started in. */
export type CollectorProgram = AsyncDisposable & {
  readonly child: ChildProcess
  readonly output: () => { readonly stdout: string; readonly stderr: string }
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

/** Runs the program as a person does, from another folder. */
export function runCollectorProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CollectorProgram {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, ...environment },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  return {
    child,
    output: () => ({ stdout, stderr }),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/**
 * Runs the program, and resolves when it listens.
 *
 * @throws Error with what it wrote, if it does not listen within 30 s.
 */
export async function startCollectorProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CollectorProgram & { readonly url: string }> {
  const program = runCollectorProgram(args, environment)
  const { child, output } = program
  const hasSpoken = () => output().stdout.includes('listening on') || child.exitCode !== null
  await pollUntil(hasSpoken, 30_000, 5)
  const [, url] = /listening on (\S+)/.exec(output().stdout) ?? []
  if (url !== undefined) return { ...program, url }
  await program[Symbol.asyncDispose]()
  throw new Error(`expected a collector that listens, got ${JSON.stringify(output())}`)
}
