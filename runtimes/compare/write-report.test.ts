import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAlike, createReport } from '../../observability/comparison/testing/report-fixture.ts'
import { StartError } from '../processes/start-error.ts'
import { assertWritable, writeReport } from './write-report.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-report-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const report = createReport([createAlike('get', 'node')])

test('a report is three files and what is given besides', async () => {
  const paths = await writeReport(folder, report, { 'index.html': '<p>' })
  const names = ['compare.json', 'compare.md', 'index.html', 'junit.xml']
  expect(paths.toSorted()).toEqual(names.map((name) => join(folder, name)))
  expect((await readdir(folder)).toSorted()).toEqual(names)
  expect(JSON.parse(await readFile(join(folder, 'compare.json'), 'utf8'))).toEqual(report)
})

test('what an earlier run left besides is taken away, and nothing of anybody else', async () => {
  const others = ['notes.md', 'fan-out.txt', 'my-index.html']
  await writeFile(join(folder, 'index.html'), 'of somebody else')
  await writeReport(folder, report)
  expect(await readdir(folder)).toContain('index.html')

  for (const name of [...others, 'fan-out-1-get.json', 'fan-out-2.json']) {
    await writeFile(join(folder, name), '')
  }
  await writeReport(folder, report, { 'fan-out-1-get.json': '{}' })
  expect((await readdir(folder)).toSorted()).toEqual(
    [...others, 'compare.json', 'compare.md', 'fan-out-1-get.json', 'junit.xml'].toSorted(),
  )
})

test('a folder is made, and one that is a file is refused', async () => {
  await assertWritable(join(folder, 'a', 'b'))
  await writeReport(join(folder, 'a', 'b'), report)
  await writeFile(join(folder, 'file'), '')
  const refused = assertWritable(join(folder, 'file'))
  await expect(refused).rejects.toThrow(StartError)
  await expect(refused).rejects.toThrow(
    /^the folder for the report cannot be written: EEXIST.*; choose another with --out$/,
  )
})

test('a report that cannot be written is told as that', async () => {
  await mkdir(join(folder, 'compare.md'))
  const refused = writeReport(folder, report)
  await expect(refused).rejects.toThrow(StartError)
  await expect(refused).rejects.toThrow(/^the report could not be written: EISDIR/)
})

test.skipIf(process.platform !== 'linux')(
  'a folder that cannot be made is refused at once',
  async () => {
    await expect(assertWritable('/proc/x')).rejects.toThrow(
      /^the folder for the report cannot be written: ENOENT.*--out$/,
    )
  },
)
