import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { MissingRuntimeError } from './start-error.ts'

const require = createRequire(import.meta.url)

// npm puts wrappers into node_modules/.bin, which would take our signals and keep them. These find the programs
// themselves, with install scripts and without.

/** @throws MissingRuntimeError where npm had no Deno for this platform. */
export function findDeno(): string {
  try {
    const deno = dirname(require.resolve('deno/package.json'))
    const own = join(deno, process.platform === 'win32' ? 'deno.exe' : 'deno')
    const install: { runInstall(): string } = require('deno/install_api.cjs')
    return existsSync(own) ? own : install.runInstall()
  } catch (cause) {
    throw new MissingRuntimeError('npm has no Deno for this platform', { cause })
  }
}

/** @throws MissingRuntimeError where npm had no Bun for this platform. */
export function findBun(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const program = process.platform === 'win32' ? 'bun.exe' : 'bun'
  const packages = [
    `@oven/bun-${platform}-${process.arch}`,
    `@oven/bun-${platform}-${process.arch}-musl`,
  ]
  for (const name of packages) {
    const path = tryResolve(`${name}/bin/${program}`)
    if (path !== undefined) return path
  }
  // Bun's install script moves the program there; without the script a text file stands in its place.
  const installed = tryResolve('bun/bin/bun.exe')
  if (installed !== undefined) return installed
  throw new MissingRuntimeError('npm has no Bun for this platform')
}

function tryResolve(request: string): string | undefined {
  try {
    return require.resolve(request)
  } catch {
    return undefined
  }
}
