import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import { beforeAll, expect, test } from 'vitest'
import { startChild } from '../processes/child.ts'
import { functionArchive, functionFolder } from './function-archive.ts'
import { bundleLambda } from './lambda-bundle.ts'

beforeAll(() => bundleLambda())

test('the archive holds what is run locally, and nothing else', async () => {
  const files = unzipSync(await readFile(functionArchive))
  const paths = Object.keys(files).sort()

  expect(paths).toEqual(['docs/swagger-ui-bundle.js', 'docs/swagger-ui.css', 'index.mjs'])
  for (const path of paths)
    expect(Buffer.from(files[path] ?? []).equals(await readFile(join(functionFolder, path)))).toBe(
      true,
    )
  const names = await readdir(functionFolder, { recursive: true })
  expect(names.sort()).toEqual([...paths, 'docs'].sort())
})

test('each file of the archive may be read by all', async () => {
  const archive = await readFile(functionArchive)
  const directory = archive.lastIndexOf('PK\u0005\u0006')
  for (let at = archive.readUInt32LE(directory + 16), left = 3; left > 0; left -= 1) {
    expect(archive.toString('latin1', at, at + 4)).toBe('PK\u0001\u0002')
    expect(archive[at + 5]).toBe(3) // made on Unix
    expect((archive.readUInt32LE(at + 38) >>> 16).toString(8)).toBe('100644')
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30)
  }
})

test('the bundle loads without node_modules, and gives a handler', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'todo-bundle-'))
  try {
    await cp(functionFolder, folder, { recursive: true })
    const url = pathToFileURL(join(folder, 'index.mjs')).href
    const script = `import(${JSON.stringify(url)}).then((m) => console.log(Object.keys(m), m.handler.length))`
    const lines: string[] = []
    const child = await startChild({
      program: process.execPath,
      args: ['--eval', script],
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', DATABASE_URL: 'postgres://u:p@127.0.0.1:9/todo' },
      onLine: (line) => lines.push(line),
    })

    expect(await child.ended).toBe('exit code 0')
    expect(lines).toEqual(["[ 'handler' ] 2"])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the archive is small to upload: what it was, and a twentieth', async () => {
  const { length } = await readFile(functionArchive)

  expect(length).toBeLessThan(632_990 * 1.05)
})

test('the bundle is small: another schema library would double it', async () => {
  const { length } = await readFile(join(functionFolder, 'index.mjs'))
  expect(length).toBeLessThan(600_000)
})
