import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChild } from '../processes/child.ts'
import { readRunning, removeRunning, writeRunning } from './running.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'running-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const content = {
  app: '/shop/src/app.ts',
  collectorUrl: 'http://127.0.0.1:4319',
  services: [{ name: 'node', url: 'http://127.0.0.1:9001' }],
}

test('what runs is found while its start is there, and is gone at its end', async () => {
  const own = { ...content, pid: process.pid }
  await writeRunning(folder, own)
  expect(await readRunning(folder)).toEqual(own)
  await removeRunning(folder, process.pid)
  expect(await readRunning(folder)).toBeNull()
  expect(await readdir(folder)).toEqual([])
})

test('what a start left behind that is gone is not believed', async () => {
  const child = await startChild({ program: process.execPath, args: ['-e', ''], onLine() {} })
  await child.ended
  await writeRunning(folder, { ...content, pid: child.pid })
  expect(await readRunning(folder)).toBeNull()
})

test('a start does not take back what another has written down since', async () => {
  const other = { ...content, pid: process.ppid }
  await writeRunning(folder, other)
  await removeRunning(folder, process.pid)
  expect(await readRunning(folder)).toEqual(other)
})
