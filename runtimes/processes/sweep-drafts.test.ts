import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sweepDrafts } from './sweep-drafts.ts'

test('drafts of processes that are gone are removed, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'todo-sweep-'))
  try {
    const gone = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }))
    const kept = [`data.${process.pid}`, 'data', 'data.old', `other.${gone}`, `database.${gone}`]
    for (const name of [`data.${gone}`, ...kept]) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'file'), '')
    }
    await writeFile(join(folder, `data.${gone}.password`), '')

    await sweepDrafts(join(folder, 'data'))

    expect((await readdir(folder)).sort()).toEqual(kept.sort())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a folder that is not there has no drafts', async () => {
  await expect(sweepDrafts(join(tmpdir(), 'todo-nowhere', 'data'))).resolves.toBeUndefined()
})
