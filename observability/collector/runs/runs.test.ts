import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clearedSchema, runsSchema } from '../../wire/runs.ts'
import { buildGroup, buildLogRecord, traceIdOf } from '../testing/build-telemetry.ts'
import { countStored, post, sendLogs, tracesBody } from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const start = (
  options: { keepMax?: number; isFresh?: boolean; log?: (line: string) => void } = {},
) =>
  startTestCollector({
    runs: { folder, keepMax: options.keepMax ?? 5, isFresh: options.isFresh ?? false },
    ...(options.log && { log: options.log }),
  })

/** The disk gets it every half second, and later on a busy machine. */
const written = { timeout: 10_000 }

type Target = { readonly url: string }
const listRuns = async (collector: Target) =>
  v.parse(runsSchema, await ask(collector, '/api/runs')).runs
const listTraces = async (collector: Target, run: string) =>
  (await ask<{ traces: { traceId: string }[] }>(collector, `/api/traces?run=${run}`)).traces.map(
    ({ traceId }) => traceId,
  )
const change = async ({ url }: Target, method: string, path: string) =>
  (await fetch(`${url}${path}`, { method })).status

/** A start of the collector with one trace, stopped again. */
async function makeRun(n: number, options: Parameters<typeof start>[0] = {}): Promise<string> {
  await using collector = await start(options)
  await post(collector, tracesBody(n))
  await expect
    .poll(() => listRuns(collector), written)
    .toContainEqual(expect.objectContaining({ isCurrent: true, spans: 1 }))
  return (await listRuns(collector)).find(({ isCurrent }) => isCurrent)?.id ?? ''
}

describe('a run of earlier', () => {
  test('answers every question about what had arrived', async () => {
    {
      await using before = await start()
      await post(before, tracesBody(1))
      await post(before, gzipSync(tracesBody(2)), { 'content-encoding': 'gzip' })
      await sendLogs(before, [
        buildGroup([buildLogRecord({ traceId: traceIdOf(1) }), buildLogRecord({ body: 'loose' })]),
      ])
    }
    await using collector = await start()

    expect(await listTraces(collector, 'last')).toEqual([traceIdOf(2), traceIdOf(1)])
    expect(await countStored(collector)).toMatchObject({ traces: 0 })
    const logs = await ask<{ logs: unknown[] }>(collector, '/api/logs?run=last')
    expect(logs.logs).toHaveLength(2)
    expect(await ask(collector, '/api/runtimes?run=last')).toMatchObject({
      runtimes: [{ name: 'node', spanCount: 2 }],
    })
    const trace = await fetch(`${collector.url}/api/traces/${traceIdOf(1)}?run=last`)
    expect(trace.status).toBe(200)
    expect(await listRuns(collector)).toMatchObject([{ spans: 2, logRecords: 2, isCurrent: false }])
  })

  test('goes when there are more than are kept, unless it is pinned', async () => {
    const first = await makeRun(1)
    const second = await makeRun(2)
    {
      await using collector = await start()
      expect(await change(collector, 'PUT', `/api/runs/${first}/pin`)).toBe(204)
    }
    const third = await makeRun(3, { keepMax: 2 })
    const fourth = await makeRun(4, { keepMax: 2 })
    await using collector = await start()

    expect((await listRuns(collector)).map(({ id }) => id)).toEqual([fourth, third, first])
    expect(second).not.toBe('')
    expect(await listTraces(collector, first)).toEqual([traceIdOf(1)])
  })

  test('goes at a fresh start, and by hand', async () => {
    const first = await makeRun(1)
    {
      await using collector = await start()
      expect(await change(collector, 'DELETE', `/api/runs/${first}`)).toBe(204)
      expect(await change(collector, 'DELETE', `/api/runs/${first}`)).toBe(404)
      expect(await listRuns(collector)).toEqual([])
    }
    await makeRun(2)
    await using collector = await start({ isFresh: true })
    expect(await listRuns(collector)).toEqual([])
  })

  test('can be read by its owner alone', async () => {
    const id = await makeRun(1)
    for (const name of await readdir(join(folder, id)))
      expect((await stat(join(folder, id, name))).mode & 0o077).toBe(0)
    expect((await stat(join(folder, id))).mode & 0o077).toBe(0)
  })

  test('that is damaged gives what can be read', async () => {
    const id = await makeRun(1)
    const path = join(folder, id, '000001.otlp')
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from('half of a record')]))
    const lines: string[] = []
    await using collector = await start({ log: (line) => lines.push(line) })
    expect(await listTraces(collector, id)).toEqual([traceIdOf(1)])
    expect(lines).toEqual([expect.stringMatching(/000001.otlp: 16 bytes at \d+ are damaged/)])
  })

  test('that is not there is named', async () => {
    await using collector = await start()
    const answer = await fetch(`${collector.url}/api/traces?run=last`)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ detail: 'run "last" is not kept, or no longer' })
  })
})

describe('clearing', () => {
  const clear = async ({ url }: Target) =>
    v.parse(clearedSchema, await (await fetch(`${url}/api/traces`, { method: 'DELETE' })).json())

  test('removes what is on disk of the run under way', async () => {
    await using collector = await startTestCollector({
      runs: { folder, keepMax: 5, isFresh: false },
      bounds: { undoMillis: 100 },
    })
    await post(collector, tracesBody(1))
    await expect.poll(() => listRuns(collector), written).toHaveLength(1)
    const { undo } = await clear(collector)
    await expect.poll(() => readdir(folder), written).toEqual([])
    expect(await change(collector, 'POST', undo)).toBe(404)
    await post(collector, tracesBody(2))
    await expect.poll(() => listRuns(collector), written).toMatchObject([{ spans: 1 }])
  })

  test('is undone in memory and on disk, beside what has come since', async () => {
    let runId = ''
    {
      await using collector = await start()
      await post(collector, tracesBody(1))
      await sendLogs(collector, [buildGroup([buildLogRecord({ body: 'loose' })])])
      await expect
        .poll(() => listRuns(collector), written)
        .toMatchObject([{ spans: 1, logRecords: 1 }])
      // What is not on disk yet is brought back too.
      await post(collector, tracesBody(2))
      const { undo } = await clear(collector)
      expect(await countStored(collector)).toMatchObject({ traces: 0, looseLogRecords: 0 })
      await expect.poll(() => listRuns(collector), written).toEqual([])
      await post(collector, tracesBody(3))
      await post(collector, tracesBody(1))
      await expect.poll(() => listRuns(collector), written).toMatchObject([{ spans: 2 }])
      expect(await change(collector, 'POST', undo)).toBe(204)
      expect(await countStored(collector)).toMatchObject({ traces: 3, looseLogRecords: 1 })
      expect(await change(collector, 'POST', undo)).toBe(404)
      runId = (await listRuns(collector))[0]?.id ?? ''
    }
    await using collector = await start()
    expect((await listTraces(collector, runId)).toSorted()).toEqual([1, 2, 3].map(traceIdOf))
    expect((await readdir(folder)).filter((name) => name.endsWith('.cleared'))).toEqual([])
  })

  test('is final for a collector that is killed, and for what was cleared before', async () => {
    await using collector = await start()
    await post(collector, tracesBody(1))
    await expect.poll(() => listRuns(collector), written).toHaveLength(1)
    const first = await clear(collector)
    await expect.poll(() => readdir(folder), written).toEqual([expect.stringMatching(/\.cleared$/)])
    {
      // Another one starts where the first left off.
      await using other = await start()
      expect(await readdir(folder)).toEqual([])
      expect(await listRuns(other)).toEqual([])
    }
    await clear(collector)
    expect(await change(collector, 'POST', first.undo)).toBe(404)
  })
})

describe('a disk that takes nothing', () => {
  test('costs nothing of what is in memory, and is said once', async () => {
    const lines: string[] = []
    await rm(folder, { recursive: true })
    await writeFile(folder, 'a file where a folder should be')
    await using collector = await start({ log: (line) => lines.push(line) })
    for (const n of [1, 2, 3]) {
      await post(collector, tracesBody(n))
      await new Promise((resolve) => setTimeout(resolve, 600))
    }
    expect(await countStored(collector)).toMatchObject({ traces: 3 })
    expect(lines).toEqual([expect.stringMatching(/^telemetry is in memory alone.*ENOTDIR/)])
    await rm(folder)
    await mkdir(folder)
  })
})

describe('a file', () => {
  test('that was exported is imported as a run of its own', async () => {
    await using collector = await start()
    await post(collector, tracesBody(1))
    await post(collector, tracesBody(2))
    await sendLogs(collector, [buildGroup([buildLogRecord({ body: 'loose' })])])
    const file = await (await fetch(`${collector.url}/api/export`)).text()
    const answer = await fetch(`${collector.url}/api/runs?name=a.jsonl`, {
      method: 'POST',
      body: new Uint8Array(gzipSync(file)),
    })

    expect(answer.status).toBe(201)
    const { id, ...counts } = (await answer.json()) as { id: string }
    expect(counts).toEqual({ spans: 2, logRecords: 1 })
    expect(await listTraces(collector, id)).toEqual([traceIdOf(2), traceIdOf(1)])
    expect(await listRuns(collector)).toContainEqual(
      expect.objectContaining({ id, importedFrom: 'a.jsonl', isCurrent: false }),
    )
    // Again out of that run, the same bytes.
    expect(await (await fetch(`${collector.url}/api/export?run=${id}`)).text()).toBe(file)
  })

  test('that is none of OTLP is refused by its line', async () => {
    await using collector = await start()
    const answer = await fetch(`${collector.url}/api/runs?name=b.jsonl`, {
      method: 'POST',
      body: `${tracesBody(1)}\n{"resourceSpans":5}`,
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      detail: 'b.jsonl: line 2: resourceSpans: expected an array, got 5',
    })
    expect(await listRuns(collector)).toEqual([])
  })
})
