import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProcess } from '../../plumbing/start-process.ts'
import { repositoryFolder } from '../collector/program/collector-binary.ts'
import { checkGo, runGo } from '../collector/program/run-go.ts'

/** The services of other languages, ready to run. */
export type ForeignPrograms = {
  /** The one in Go, built. */
  readonly cart: string
  /** A Python that has what the one in Python needs. */
  readonly python: string
}

const goMinorMin = 26
const millisMax = 10 * 60_000

/**
 * Builds `cart/` and installs what `shop/` needs, once: both stay in `.cache/` until their sources change. Needs Go and
 * Python 3, with its modules `venv` and `pip`.
 *
 * @throws Error with the last lines of the program that failed.
 */
export async function preparePrograms(report: (text: string) => void): Promise<ForeignPrograms> {
  const cart = await makeOnce('cart', ['main.go', 'go.mod', 'go.sum'], async (folder, cwd) => {
    checkGo(goMinorMin)
    report('building the service in Go')
    await runGo(['build', '-o', join(folder, 'cart'), '.'], {
      cwd,
      // Exactly the versions of go.sum.
      environment: { GOFLAGS: '-mod=readonly -buildvcs=false' },
      millisMax,
      report,
    })
  })
  const shop = await makeOnce('shop', ['requirements.txt'], async (folder, cwd) => {
    report('installing the packages of the service in Python')
    await run('python3', ['-m', 'venv', folder], cwd)
    await run(
      join(folder, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '-r', 'requirements.txt'],
      cwd,
    )
  })
  return { cart: join(cart, 'cart'), python: join(shop, 'bin', 'python') }
}

/** @returns The folder of what was made of those sources. One that is not complete is made anew. */
async function makeOnce(
  name: string,
  sources: readonly string[],
  make: (folder: string, cwd: string) => Promise<void>,
): Promise<string> {
  const cwd = join(import.meta.dirname, name)
  const hash = createHash('sha256')
  for (const source of sources) hash.update(readFileSync(join(cwd, source)))
  const folder = join(
    repositoryFolder,
    '.cache',
    `foreign-${name}-${hash.digest('hex').slice(0, 12)}`,
  )
  const whole = join(folder, 'complete')
  if (existsSync(whole)) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await make(folder, cwd)
  writeFileSync(whole, '')
  return folder
}

const linesMax = 30

/** Runs a program to its end. @throws Error with its last lines unless it ends well. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const lines: string[] = []
  const onLine = (line: string) => {
    lines.push(line)
    if (lines.length > linesMax) lines.shift()
  }
  const child = await startProcess({ program, args, cwd, env, onLine })
  const timer = setTimeout(() => void child.stop(), millisMax)
  const status = await child.ended
  clearTimeout(timer)
  if (status !== 'exit code 0') throw new Error(`${program} (${status}):\n${lines.join('\n')}`)
}
