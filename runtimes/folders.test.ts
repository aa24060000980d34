import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from './processes/project-folder.ts'

// A newcomer reads a folder at one glance. Tests stand beside what they test and are not counted.
const entriesMax = 16

/** Folders with more, and how many. This list may only shrink. */
const larger = new Map([
  ['runtimes', 19],
  ['observability/viewer/page', 19],
])

test(`a folder holds at most ${entriesMax} entries beside its tests`, () => {
  const files = globSync(
    '{src,runtimes,observability,benchmarks}/**/*.{ts,tsx,css,html,json,yaml}',
    {
      cwd: projectFolder,
      exclude: [
        '**/*.test.ts',
        '**/*.real-test.ts',
        '**/*.browser.ts',
        '**/node_modules/**',
        '**/dist/**',
        '**/golden/**',
      ],
    },
  )
  expect(files.length).toBeGreaterThan(600)
  const folders = Map.groupBy(new Set(files.flatMap((file) => listWithFolders(file))), (entry) =>
    dirname(entry),
  )
  const found = [...folders].filter(([, entries]) => entries.length > entriesMax)
  expect(new Map(found.map(([folder, entries]) => [folder, entries.length]))).toEqual(larger)
})

/** `a/b/c.ts` → `a/b/c.ts`, `a/b`, `a`. */
function listWithFolders(path: string): string[] {
  return path === '.' ? [] : [path, ...listWithFolders(dirname(path))]
}
