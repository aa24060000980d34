import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildGroup, buildLogRecord } from '../collector/testing/build-telemetry.ts'
import { sendLogs, sendSpans } from '../collector/testing/send.ts'
import { startTestCollector } from '../collector/testing/start-test-collector.ts'
import { buildRequests } from './testing/build-requests.ts'
import { tools } from './tools/tools.ts'

const project = join(import.meta.dirname, '../..')
const text = await readFile(join(project, 'docs/ask.md'), 'utf8')
const { scripts } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'))

test('docs/ask.md has a row for each tool', () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| `([\w-]+)/gm)].map(([, tool]) => tool)

  expect(rows).toEqual(tools.map(({ name }) => name))
})

test('the programs that docs/ask.md starts are there', () => {
  for (const [, name = ''] of text.matchAll(/npm run --silent ([\w-]+)/g))
    expect(Object.keys(scripts)).toContain(name)
  expect(text).toContain('"args": ["run", "--silent", "mcp"]')
  expect(Object.keys(scripts)).toContain('mcp')
})

test('each command of docs/ask.md is answered', async () => {
  await using collector = await startTestCollector()
  const warning = { severityNumber: 13, severityText: 'WARN', body: 'slow' }
  await sendLogs(collector, [buildGroup([buildLogRecord(warning)])])
  for (const runtime of ['node', 'bun'])
    await sendSpans(collector, buildRequests(5, { runtime, status: 404 }))
  const program = join(project, scripts.ask.replace('node ', ''))
  const commands = [...text.matchAll(/^ {4}npm run --silent ask -- (.*)$/gm)].map(
    ([, line = '']) => line.match(/'[^']*'|\S+/g)?.map((arg) => arg.replaceAll("'", '')) ?? [],
  )
  expect(commands).toHaveLength(4)

  const ends = await Promise.all(
    commands.map(
      (args) =>
        new Promise<string>((resolve) => {
          const all = [program, ...args, '--collector', collector.url]
          execFile(process.execPath, all, (error, stdout, stderr) =>
            resolve(error === null ? `ends well: ${stdout}` : `${args.join(' ')}: ${stderr}`),
          )
        }),
    ),
  )

  for (const end of ends) expect(end).toMatch(/^ends well: ./)
})
