import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive } from './is-alive.ts'

/**
 * Removes drafts of `path`, such as `postgres.1234` or `postgres.1234.password`, whose processes are gone: a killed
 * process cannot remove its own.
 */
export async function sweepDrafts(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const [own, pid, ...rest] = name.slice(basename(path).length).split('.')
    if (!name.startsWith(basename(path)) || own !== '' || rest.length > 1) continue
    if (/^\d+$/.test(pid ?? '') && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true })
  }
}
