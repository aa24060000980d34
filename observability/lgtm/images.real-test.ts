import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { repositoryFolder } from '../collector-parity/collector-binary.ts'
import { createLokiSource } from '../driver/loki-logs.ts'
import { createTraceSource, joinLogs } from '../driver/trace-source.ts'
import { listQueries } from '../grafana/testing/list-queries.ts'

// The real Tempo, Loki and Grafana, from the image of compose.yaml, as far as that sets it up. It needs a container
// engine, and the first time minutes to fetch the image.

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
  const { image, environment, volumes, cap_drop, security_opt, tmpfs } = parse(
    readFileSync(join(repositoryFolder, 'compose.yaml'), 'utf8'),
    { merge: true },
  ).services.lgtm
  const password = randomHex(8)
  const fill = (value: string) => value.replace(/^\$\{GRAFANA_PASSWORD:.*\}$/, password)
  const list = (flag: string, values: readonly string[]) => values.flatMap((it) => [flag, it])
  const variables = Object.entries<string>(environment)
    .map(([name, value]) => `${name}=${fill(value)}`)
    .filter((variable) => !variable.includes('${'))
  const mounts = volumes.filter((volume: string) => volume.startsWith('./'))
  const name = `todo-lgtm-${randomHex(4)}`
  await using started = new AsyncDisposableStack()
  started.defer(async () => {
    await docker('rm', '--force', name)
  })
  await docker(
    ...['run', '--detach', '--name', name],
    ...list('--publish', ['127.0.0.1::3000', '127.0.0.1::4318']),
    ...list('--env', variables),
    ...list(
      '--volume',
      mounts.map((mount: string) => join(repositoryFolder, mount)),
    ),
    ...list('--cap-drop', cap_drop),
    ...list('--security-opt', security_opt),
    ...list('--tmpfs', tmpfs),
    image,
  )
  const isReady = () => docker('exec', name, 'test', '-f', '/tmp/ready')
  await expect.poll(isReady, { timeout: 5 * minutes, interval: 2000 }).toBe('')
  const addressOf = async (port: number) =>
    (await docker('port', name, `${port}/tcp`)).split('\n', 1).join()
  const otlp = await addressOf(4318)
  const grafana = await addressOf(3000)
  // By the data sources that are provisioned.
  const proxy = (uid: string) =>
    `http://admin:${password}@${grafana}/api/datasources/proxy/uid/${uid}`

  const [traceId, spanId] = [randomHex(16), randomHex(8)]
  const timeUnixNano = `${Date.now()}000000`
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const resource = {
    attributes: [text('service.name', 'todo-api'), text('hono.runtime.name', 'node')],
  }
  const times = { startTimeUnixNano: timeUnixNano, endTimeUnixNano: timeUnixNano }
  const span = { traceId, spanId, name: 'GET /api/v1/todos', kind: 2, ...times }
  const body = { stringValue: 'todos listed' }
  const severity = { severityNumber: 9, severityText: 'INFO' }
  const record = { timeUnixNano, traceId, spanId, body, ...severity }
  for (const [path, sent] of [
    ['traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }],
    ['logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }],
  ] as const) {
    const response = await fetch(`http://${otlp}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent),
    })
    expect(response.status, await response.text()).toBe(200)
  }

  const source = joinLogs(
    createTraceSource({ kind: 'tempo', url: proxy('tempo') }),
    createLokiSource(proxy('loki'), {}),
  )
  const readTrace = async () => {
    const { spans = [], logs = [] } = (await source.fetchTrace(traceId)) ?? {}
    return {
      spans: spans.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)),
      logs: logs.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)),
    }
  }
  await expect.poll(readTrace, { timeout: 2 * minutes, interval: 2000 }).toMatchObject({
    spans: [{ traceId, spanId, name: 'GET /api/v1/todos' }],
    logs: [{ traceId, spanId, body: 'todos listed', severityText: 'INFO' }],
  })
  const authorization = `Basic ${btoa(`admin:${password}`)}`
  for (const { name: where, language, query } of listQueries()) {
    const filled = query.replaceAll('$__auto', '1m').replaceAll(/\$\w+/g, '.*')
    const paths = {
      PromQL: undefined,
      LogQL: `loki/loki/api/v1/query_range?${new URLSearchParams({ query: filled })}`,
      TraceQL: `tempo/api/search?${new URLSearchParams({ q: filled })}`,
    } as const
    const path = paths[language]
    if (path === undefined) continue
    const url = `http://${grafana}/api/datasources/proxy/uid/${path}`
    const response = await fetch(url, { headers: { authorization } })
    expect(response.status, `${where}: ${await response.text()}`).toBe(200)
  }
})
