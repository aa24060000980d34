import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from './project-folder.ts'
import { findRuntimes, runtimes } from './runtimes.ts'

/** The folders of runtimes: those that have a main.ts. */
async function readFolders(): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = join(projectFolder, 'runtimes')
  const entries = await readdir(folder, { withFileTypes: true })
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => [name, (await readdir(join(folder, name))).sort()] as const),
  )
  return new Map(files.filter(([, names]) => names.includes('main.ts')))
}

test('every folder of a runtime is in the list, and every entry has its folder', async () => {
  expect([...(await readFolders()).keys()].sort()).toEqual(runtimes.map(({ name }) => name).sort())
})

test('every runtime is the same two files', async () => {
  for (const [name, files] of await readFolders())
    expect(
      files.filter((file) => file.endsWith('.ts')),
      name,
    ).toEqual(['main.ts', 'telemetry.ts'])
})

test('no two runtimes want the same port', () => {
  expect(new Set(runtimes.map(({ port }) => port)).size).toBe(runtimes.length)
})

test('a known difference is declared beside the runtime that it is of, with a reason', () => {
  for (const { name, knownDifferences } of runtimes)
    for (const { runtime, reason } of knownDifferences) {
      expect(runtime).toBe(name)
      expect(reason.length).toBeGreaterThan(10)
    }
})

test('runtimes are found by name, in the order of the list', () => {
  expect(findRuntimes(['workers', 'node']).map(({ name }) => name)).toEqual(['node', 'workers'])
})

test('an unknown name is quoted, with the known ones', () => {
  expect(() => findRuntimes(['node', 'perl'])).toThrow(
    /^unknown runtime "perl"; expected some of node, workers, /,
  )
})
