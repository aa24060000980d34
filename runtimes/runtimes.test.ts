import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { launcherOf } from './launch/launchers.ts'
import { projectFolder } from './processes/project-folder.ts'
import { findRuntimes, runtimes } from './runtimes.ts'

test('every runtime is a folder of the same three files, beside whatever it takes to start it here', async () => {
  for (const runtime of runtimes) {
    const files = await readdir(join(projectFolder, 'runtimes', runtime.name))
    expect(files, runtime.name).toEqual(
      expect.arrayContaining(['launcher.ts', 'main.ts', 'runtime.ts']),
    )
    expect(() => launcherOf(runtime), runtime.name).not.toThrow()
  }
})

test('every folder that has a runtime.ts is in the list', async () => {
  const paths = await readdir(join(projectFolder, 'runtimes'), { recursive: true })
  const found = paths.filter((path) => basename(path) === 'runtime.ts' && dirname(path) !== '.')
  expect(found.map(dirname).sort()).toEqual(runtimes.map(({ name }) => name).sort())
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
