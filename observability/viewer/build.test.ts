import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildViewer, viewerFolder } from './build.ts'

const scriptBytesMax = 40 * 1024

test('what is built needs nothing from elsewhere, has nothing inline, and is small', async () => {
  await buildViewer()
  const html = await readFile(join(viewerFolder, 'index.html'), 'utf8')
  const scripts = [...html.matchAll(/<script[^>]*src="(\/assets\/[^"]+\.js)"[^>]*><\/script>/g)]

  expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/)
  expect([...html.matchAll(/(?:src|href)="(?!\/assets\/)/g)]).toEqual([])
  expect(scripts).toHaveLength(1)
  const script = await readFile(join(viewerFolder, scripts[0]?.[1] ?? ''), 'utf8')
  expect(gzipSync(script).length).toBeLessThan(scriptBytesMax)
  // The first view needs no other file.
  expect(script).not.toMatch(/\b(?:from|import) ?["']/)
  // The same from within a test as from without, where nothing is told of where it was built.
  expect(script).not.toContain(import.meta.dirname)
  expect(script).not.toContain('.tsx')
})

test('it is built once for the same sources', async () => {
  await buildViewer()

  expect(await buildViewer()).toBe(false)
})

test('as a program it builds when it must, and says nothing when it need not', async () => {
  await buildViewer()
  const program = join(import.meta.dirname, 'build.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program])

  expect(stdout).toBe('')
})
