import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

test('folders are made down to the last, and may be there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'make-folder-'))
  const deep = join(folder, 'a', 'b', 'c')
  await makeFolder(deep, 0o700)
  await makeFolder(deep)
  expect((await stat(deep)).mode & 0o077).toBe(0)
  expect((await stat(join(folder, 'a'))).mode & 0o055).toBe(0o055)
  await writeFile(join(deep, 'file'), '')
  await expect(makeFolder(join(deep, 'file'))).rejects.toThrow('EEXIST')
  await expect(makeFolder(join(deep, 'file', 'below'))).rejects.toThrow('ENOTDIR')
  await rm(folder, { recursive: true })
})

test.skipIf(process.platform !== 'linux')(
  'a folder that cannot be made says so at once',
  async () => {
    await expect(makeFolder('/proc/x/y')).rejects.toThrow('ENOENT')
  },
)
