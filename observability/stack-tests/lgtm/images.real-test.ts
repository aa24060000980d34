import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createLokiSource } from '../../driver/sources/loki-logs.ts'
import { createTraceSource, joinLogs, type TraceSource } from '../../driver/sources/trace-source.ts'
import { listQueries } from '../../stack/grafana/testing/list-queries.ts'
import { repositoryFolder } from '../collector/program/collector-binary.ts'

// The real Tempo, Loki and Grafana, from the image of compose.yaml, as that sets it up. It needs a container engine, and
// the first time minutes to fetch the image.

const minutes = 60_000
const randomHex = (bytes: number) => randomBytes(bytes).toString('hex')

async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, { timeout: 15 * minutes })
  return stdout.trim()
}

test('the image of compose.yaml gives back a trace with its log record, and takes every query', {
  timeout: 25 * minutes,
}, async ({ skip }) => {
  await docker('version').catch((error) =>
    skip(`no container engine answers: ${String(error.stderr || error.message).trim()}`),
  )
  await using image = await startImage()
  const [traceId, spanId] = [randomHex(16), randomHex(8)]
  await send(image.otlpUrl, traceId, spanId)

  // By the data sources that are provisioned.
  const proxy = (uid: string) => `${image.grafanaUrl}/api/datasources/proxy/uid/${uid}`
  const headers = { authorization: image.authorization }
  const source = joinLogs(
    createTraceSource({ kind: 'tempo', url: proxy('tempo') }, headers),
    createLokiSource(proxy('loki'), headers),
  )
  const read = () => readTrace(source, traceId)
  await expect.poll(read, { timeout: 2 * minutes, interval: 2000 }).toMatchObject({
    spans: [{ traceId, spanId, name: 'GET /api/v1/todos' }],
    logs: [{ traceId, spanId, body: 'todos listed', severityText: 'INFO' }],
  })
  for (const { name, language, query } of listQueries()) {
    if (language === 'PromQL') continue
    const filled = query.replaceAll('$__auto', '1m').replaceAll(/\$\w+/g, '.*')
    const url =
      language === 'LogQL'
        ? `${proxy('loki')}/loki/api/v1/query_range?${new URLSearchParams({ query: filled })}`
        : `${proxy('tempo')}/api/search?${new URLSearchParams({ q: filled })}`
    const response = await fetch(url, { headers })
    expect(response.status, `${name}: ${await response.text()}`).toBe(200)
  }
})

type StartedImage = AsyncDisposable & {
  readonly otlpUrl: string
  readonly grafanaUrl: string
  readonly authorization: string
}

/** On free ports, with the variables, files and rights that compose.yaml gives it, and nothing stored. */
async function startImage(): Promise<StartedImage> {
  const compose = readFileSync(join(repositoryFolder, 'compose.yaml'), 'utf8')
  const { lgtm } = parse(compose, { merge: true }).services
  const name = `todo-lgtm-${randomHex(4)}`
  const password = randomHex(8)
  const list = (flag: string, values: readonly string[]) => values.flatMap((it) => [flag, it])
  const variables = Object.entries({ ...lgtm.environment, GF_SECURITY_ADMIN_PASSWORD: password })
    .map((pair) => pair.join('='))
    .filter((variable) => !variable.includes('${'))
  const mounts = lgtm.volumes
    .filter((volume: string) => volume.startsWith('./'))
    .map((volume: string) => join(repositoryFolder, volume))
  await using started = new AsyncDisposableStack()
  started.defer(async () => {
    await docker('rm', '--force', name)
  })
  await docker(
    ...['run', '--detach', '--name', name],
    ...list('--publish', ['127.0.0.1::3000', '127.0.0.1::4318']),
    ...list('--env', variables),
    ...list('--volume', mounts),
    ...list('--cap-drop', lgtm.cap_drop),
    ...list('--security-opt', lgtm.security_opt),
    ...list('--tmpfs', lgtm.tmpfs),
    lgtm.image,
  )
  const isReady = () => docker('exec', name, 'test', '-f', '/tmp/ready')
  await expect.poll(isReady, { timeout: 5 * minutes, interval: 2000 }).toBe('')
  const urlOf = async (port: number) =>
    `http://${(await docker('port', name, `${port}/tcp`)).split('\n', 1).join()}`
  const [grafanaUrl, otlpUrl] = [await urlOf(3000), await urlOf(4318)]
  const all = started.move()
  return {
    grafanaUrl,
    otlpUrl,
    authorization: `Basic ${btoa(`admin:${password}`)}`,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** A request as a runtime would tell of it: a server span, and a log record in it. */
async function send(otlpUrl: string, traceId: string, spanId: string): Promise<void> {
  const timeUnixNano = `${Date.now()}000000`
  const times = { startTimeUnixNano: timeUnixNano, endTimeUnixNano: timeUnixNano }
  const span = { traceId, spanId, name: 'GET /api/v1/todos', kind: 2, ...times }
  const body = { stringValue: 'todos listed' }
  const severity = { severityNumber: 9, severityText: 'INFO' }
  const record = { timeUnixNano, traceId, spanId, body, ...severity }
  const resource = {
    attributes: [
      { key: 'service.name', value: { stringValue: 'todo-api' } },
      { key: 'hono.runtime.name', value: { stringValue: 'node' } },
    ],
  }
  for (const [signal, sent] of [
    ['traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }],
    ['logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }],
  ] as const) {
    const response = await fetch(`${otlpUrl}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent),
    })
    expect(response.status, await response.text()).toBe(200)
  }
}

async function readTrace(source: TraceSource, traceId: string) {
  const { spans = [], logs = [] } = (await source.fetchTrace(traceId)) ?? {}
  return {
    spans: spans.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)),
    logs: logs.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)),
  }
}
