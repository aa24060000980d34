import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, unless they are there.
 *
 * Not by `mkdir` with `recursive`: below a file system that makes no folders, such as `/proc`, that tries for ever.
 *
 * @param mode Of the last; those above are made as usual, for others may have to pass through them.
 * @throws As `mkdir` does.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, mode)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdir(path, mode)
  }
}
