import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Collector } from '../../collector/start-collector.ts'
import { traceIdOf } from '../../collector/testing/build-telemetry.ts'
import { sendSpans } from '../../collector/testing/send.ts'
import { startTestCollector } from '../../collector/testing/start-test-collector.ts'
import { findFreePort } from '../../plumbing/find-free-port.ts'
import { buildRequests } from '../testing/build-requests.ts'

const program = fileURLToPath(new URL('./ask.ts', import.meta.url))

let collector: Collector & AsyncDisposable

beforeAll(async () => {
  collector = await startTestCollector()
  await sendSpans(collector, [
    ...buildRequests(10, { runtime: 'node' }),
    ...buildRequests(10, { runtime: 'bun', attributes: { 'app.cached': true } }),
  ])
})
afterAll(() => collector[Symbol.asyncDispose]())

type Ended = { readonly exitCode: unknown; readonly stdout: string; readonly stderr: string }

function run(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr }),
    )
  })
}

test('a script tells by the exit code what came of its question', async () => {
  const at = ['--collector', collector.url]
  const nowhere = ['--collector', `http://127.0.0.1:${await findFreePort()}`]
  const cases: readonly (readonly [number, RegExp, readonly string[]])[] = [
    [0, /"GET \/todos" on "bun" HTTP 200/, ['traces', '--where', 'app.cached=true', ...at]],
    [0, /"SELECT todos" .* ms, own/, ['trace', traceIdOf(1), ...at]],
    [0, /Usage: npm run --silent ask -- spans TRACE-ID/, ['spans', '--help']],
    [1, /no trace matches/, ['traces', '--where', 'app.cached=no', ...at]],
    [1, /app\.cached is extra/, ['compare', '--reference', 'node', ...at]],
    [1, /is not stored/, ['trace', traceIdOf(999), ...at]],
    [2, /expected TRACE-ID behind the command, got nothing/, ['trace', ...at]],
    [2, /limit: .*<=50.*see --help/, ['traces', '--limit', '1e9', ...at]],
    [2, /limit: .*see --help/, ['traces', '--limit', 'all', ...at]],
    [2, /expected one of overview, operations/, ['tracez', ...at]],
    [2, /no collector answers .* start one with npm start/, ['traces', ...nowhere]],
  ]
  const ends = await Promise.all(cases.map(([, , args]) => run(args)))
  for (const [index, [exitCode, said, args]] of cases.entries()) {
    const end = ends[index]
    expect(end?.exitCode, args.join(' ')).toBe(exitCode)
    expect(`${end?.stdout}${end?.stderr}`, args.join(' ')).toMatch(said)
  }
})

test('a script reads all of an answer as JSON', async () => {
  const { stdout } = await run(['compare', '--json', '--collector', collector.url])
  const { groups, findings } = JSON.parse(stdout)

  expect(groups).toEqual([
    { name: 'bun', requests: 10 },
    { name: 'node', requests: 10 },
  ])
  expect(findings).toMatchObject([{ kind: 'difference', group: 'node', reason: null }])
})
