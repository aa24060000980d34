import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from './project-folder.ts'
import { findRuntimes, runtimes } from './runtimes.ts'

/** Folders that are no runtime, each with what it is. */
const otherFolders: ReadonlyMap<string, string> = new Map([
  ['lambda-host', 'what stands in front of a Lambda function, locally'],
])

/** Every folder here but those, with its files. */
async function readFolders(): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = join(projectFolder, 'runtimes')
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  return new Map(
    await Promise.all(
      names
        .filter((name) => !otherFolders.has(name))
        .map(async (name) => [name, (await readdir(join(folder, name))).sort()] as const),
    ),
  )
}

test('every folder of a runtime is in the list, and every entry has its folder', async () => {
  expect([...(await readFolders()).keys()].sort()).toEqual(runtimes.map(({ name }) => name).sort())
})

test('every runtime is the same two files, with the compiler told of its globals where it has any', async () => {
  for (const [name, files] of await readFolders())
    expect(
      files.filter((file) => file !== 'tsconfig.json'),
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
