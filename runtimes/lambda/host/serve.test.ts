import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { findFreePort } from '../../../observability/plumbing/find-free-port.ts'
import { type Child, startChild } from '../../processes/child.ts'
import { isAlive } from '../../processes/is-alive.ts'
import { createFunctionFolder } from './testing/host-for-test.ts'

const source = `
export const handler = async ({ rawPath }) => {
  if (rawPath === '/work') await new Promise((resolve) => setTimeout(resolve, 10_000))
  return { pid: process.pid }
}`

type Served = Child & AsyncDisposable & { readonly url: string; readonly lines: readonly string[] }

async function serve(code: string, variables: Record<string, string> = {}): Promise<Served> {
  const folder = await createFunctionFolder(code)
  const lines: string[] = []
  const port = await findFreePort()
  const child = await startChild({
    program: process.execPath,
    args: [join(import.meta.dirname, 'serve.ts')],
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:9/todo',
      LAMBDA_TASK_ROOT: folder.path,
      ...variables,
    },
    onLine: (line) => lines.push(line),
  })
  return {
    ...child,
    url: `http://127.0.0.1:${port}`,
    lines,
    async [Symbol.asyncDispose]() {
      await child.stop()
      await folder[Symbol.asyncDispose]()
    },
  }
}

async function readPid(served: Served): Promise<number> {
  const response = await expect
    .poll(() => fetch(served.url), { timeout: 10_000 })
    .toMatchObject({ status: 200 })
    .then(() => fetch(served.url))
  return v.parse(v.object({ pid: v.number() }), await response.json()).pid
}

test('a stop ends the function that stands still, too', async () => {
  await using served = await serve(source)
  const pid = await readPid(served)
  expect(isAlive(pid)).toBe(true)

  const since = performance.now()
  await served.stop()

  expect(await served.ended).toBe('exit code 0')
  expect(performance.now() - since).toBeLessThan(3000)
  expect(isAlive(pid)).toBe(false)
})

test('a stop does not wait for ever for a function at work', async () => {
  await using served = await serve(source)
  const pid = await readPid(served)
  const cutOff = fetch(`${served.url}/work`).catch(() => 'cut off')
  await delay(100)
  await served.stop()

  expect(await served.ended).toBe('exit code 0')
  expect(isAlive(pid)).toBe(false)
  expect(await cutOff).toBe('cut off')
})

test('killed outright, it leaves no function behind', async () => {
  await using served = await serve(source)
  const pid = await readPid(served)
  await delay(300) // until it stands still: one that runs would find its host gone
  process.kill(served.pid, 'SIGKILL')
  await served.ended

  expect(isAlive(pid)).toBe(true)
  await expect.poll(() => isAlive(pid), { timeout: 10_000, interval: 100 }).toBe(false)
})

test('a function that cannot start at all ends it, with the reason last', async () => {
  const reason = `no such thing as ${randomUUID()}`
  await using served = await serve(`throw new Error(${JSON.stringify(reason)})`)

  expect(await served.ended).toBe('exit code 2')
  expect(served.lines.at(-1)).toBe(`the function cannot start: Error: ${reason}`)
})

test('a port that is in use ends it before a function is started', async () => {
  await using first = await serve(source)
  await readPid(first)
  await using second = await serve(source, { PORT: new URL(first.url).port })

  expect(await second.ended).toBe('exit code 2')
  expect(second.lines).toEqual([expect.stringMatching(/^port \d+ on 127\.0\.0\.1 is in use; /)])
})

test.each(['0', '-1', '1.5', '100', 'many'])(
  'WEB_CONCURRENCY may not be %s',
  async (WEB_CONCURRENCY) => {
    await using served = await serve(source, { WEB_CONCURRENCY })

    expect(await served.ended).toBe('exit code 2')
    expect(served.lines.at(-1)).toBe(
      `WEB_CONCURRENCY: expected a whole number from 1 to 99, got "${WEB_CONCURRENCY}"`,
    )
  },
)
