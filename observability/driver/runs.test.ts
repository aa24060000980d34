import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCollectorConfig } from '../collector/config/read-collector-config.ts'
import { type Collector, startCollector } from '../collector/start-collector.ts'

const program = join(import.meta.dirname, 'runs.ts')
let folder = ''
let collector: Collector

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-command-'))
  collector = await startCollector({
    config: readCollectorConfig(join(import.meta.dirname, '..', 'stack', 'collector.yaml'), {}),
    host: '127.0.0.1',
    port: 0,
    runs: { folder: join(folder, 'runs'), keepMax: 5, isFresh: false },
  })
})
afterAll(async () => {
  await collector.close()
  await rm(folder, { recursive: true, force: true })
})

function call(...args: readonly string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const all = [program, ...args, '--collector', collector.url]
    execFile(process.execPath, all, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const line = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]},"scopeSpans":[{"spans":[{"traceId":"${traceId}","spanId":"b7ad6b7169203331","name":"GET /cart","kind":2,"startTimeUnixNano":"1796000000000000000","endTimeUnixNano":"1796000000100000000"}]}]}]}`

test('a file is imported, listed, pinned, exported and deleted', async () => {
  expect((await call()).stdout).toBe('No run is kept yet: nothing has arrived.\n')
  const file = join(folder, 'colleague.jsonl')
  await writeFile(file, `${line}\n`)

  const imported = await call('import', file)
  expect(imported.stdout).toMatch(/ {2}1 spans, 0 log records, imported from /)
  const [id = ''] = imported.stdout.split(' ')
  expect((await call('pin', id)).code).toBe(0)
  expect((await call('list')).stdout).toMatch(
    new RegExp(
      `^${id} {2}1 spans, 0 log records, 0.0 MB {2}pinned, imported from colleague.jsonl\\n$`,
    ),
  )
  const out = join(folder, 'out.jsonl')
  expect((await call('export', id, '--trace', traceId, '--out', out)).code).toBe(0)
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual(JSON.parse(line))
  expect(JSON.parse((await call('export', id)).stdout)).toEqual(JSON.parse(line))
  expect((await call('delete', id)).code).toBe(0)
  expect((await call('export', id)).stderr).toBe(`runs: run "${id}" is not kept, or no longer\n`)
})

test.each([
  [['export'], 'runs: nothing to export: run current holds no such trace and no log record\n'],
  [['import'], 'runs: expected FILE after the command; see --help\n'],
  [['import', '/nowhere/x'], "runs: ENOENT: no such file or directory, open '/nowhere/x'\n"],
  [['forget'], 'runs: unknown command "forget"; see --help\n'],
  [['export', '--out', '/proc/x'], /^runs: nothing to export/],
])('%j ends with exit code 2 and one sentence', async (args, sentence) => {
  const { code, stderr } = await call(...args)
  expect(code).toBe(2)
  if (typeof sentence === 'string') expect(stderr).toBe(sentence)
  else expect(stderr).toMatch(sentence)
})
