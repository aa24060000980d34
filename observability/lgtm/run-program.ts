import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram, type Program } from './programs.ts'

export type RunningProgram = AsyncDisposable & {
  /** How it has ended, and the last that it wrote, when nobody has stopped it. */
  findFailure(): string | undefined
}

export type RunOptions = {
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Answers 200 once it takes requests. */
  readonly readyUrl: string
}

const readyMillisMax = 60_000
const linesMax = 200

/**
 * Starts a program and resolves when it says that it is ready.
 *
 * @throws Error with its last lines when it ends before, or does not get ready.
 */
export async function runProgram(program: Program, options: RunOptions): Promise<RunningProgram> {
  const child = spawn(findProgram(program), options.args, {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line)
      if (lines.length > linesMax) lines.shift()
    })
  }
  let end: string | undefined
  const ended = new Promise<void>((resolve) => {
    const finish = (reason: string) => {
      end = reason
      resolve()
    }
    child.on('error', (error) => finish(error.message))
    child.on('exit', (code, signal) => finish(signal ?? `exit code ${code}`))
  })
  let isStopping = false
  const stop = async () => {
    isStopping = true
    // Nothing that it has stored is needed any more, and in good order Loki takes 15 s.
    child.kill('SIGKILL')
    await ended
  }

  for (const deadline = Date.now() + readyMillisMax; !(await answers(options.readyUrl)); ) {
    const reason = Date.now() > deadline ? `not ready after ${readyMillisMax / 1000} s` : end
    if (reason !== undefined) {
      await stop()
      throw new Error(`${program.title} did not start (${reason}):\n${lines.slice(-20).join('\n')}`)
    }
    await delay(50)
  }
  return {
    findFailure() {
      if (end === undefined || isStopping) return undefined
      return `${program.title} has ended (${end}):\n${lines.slice(-20).join('\n')}`
    },
    [Symbol.asyncDispose]: stop,
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
