import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestCollector } from '../../observability/collector/testing/start-test-collector.ts'
import { readRegistryFile } from '../../observability/comparison/testing/read-registry-file.ts'
import {
  change,
  connect,
  createGroup,
  createSpan,
  type Request,
  record,
  request,
  select,
  server,
  withSpans,
} from '../../observability/comparison/testing/trace-fixture.ts'
import { compareStored } from '../../observability/driver/stored/compare-stored.ts'
import {
  groupByAttribute,
  groupRequests,
  type StoredRequest,
} from '../../observability/driver/stored/group-requests.ts'
import { fetchRun, readStoredFile } from '../../observability/driver/stored/read-stored.ts'
import { encodeLogsJson, encodeTracesJson } from '../../observability/otlp/encode-json.ts'
import type { TraceDocument } from '../../observability/otlp/files/parse-trace-document.ts'
import type { Where } from '../../observability/wire/where/where.ts'

const [acquired] = select.events
if (acquired === undefined) throw new Error('the base request: expected an event on SELECT todos')
const extra = createSpan({ ...select, spanId: '00000000000000b1', name: 'SELECT tags' })
const unrelated = change(extra, { 'db.collection.name': 'tags' })
const inEvent = (values: Parameters<typeof change>[1]) =>
  withSpans({ ...select, events: [change(acquired, values)] })
const logs = (...changed: readonly (typeof record)[]): Request => ({ ...request, logs: changed })
const of = (values: Parameters<typeof change>[1]): Request => ({
  ...request,
  resource: change(request.resource, values),
})
const rows = 'db.response.returned_rows'
const state = 'db.client.connection.state'

/**
 * A request that differs in one way, by the kind that must come of it. A stored request begins at its server span and
 * has no answer: what those two would tell is not there.
 */
const planted: Readonly<Record<string, Request>> = {
  'span.missing': { ...request, spans: [server, select] },
  'span.extra': withSpans(unrelated),
  'span.order': withSpans({ ...connect, startNanos: 4_500_000n }),
  'span.name': withSpans({ ...select, name: 'SELECT' }),
  'span.kind': withSpans({ ...select, kind: 4 }),
  'span.status': withSpans({ ...select, status: { code: 2, message: '' } }),
  'event.missing': withSpans({ ...select, events: [] }),
  'event.extra': withSpans({ ...select, events: [acquired, { ...acquired, name: 'retried' }] }),
  'attribute.missing': withSpans(change(select, { [rows]: undefined })),
  'attribute.extra': withSpans(change(select, { odd: 'x' })),
  'attribute.type': withSpans(change(select, { [rows]: '1' })),
  'attribute.value': withSpans(change(select, { [rows]: 2n })),
  'event.attribute.missing': inEvent({ [state]: undefined }),
  'event.attribute.extra': inEvent({ odd: 'x' }),
  'event.attribute.type': inEvent({ [state]: 1n }),
  'event.attribute.value': inEvent({ [state]: 'idle' }),
  'resource.attribute.extra': of({ odd: 'x' }),
  'log.missing': logs(),
  'log.extra': logs(record, { ...record, eventName: 'todo.odd', body: 'odd' }),
  'log.severity': logs({ ...record, severityNumber: 13, severityText: 'WARN' }),
  'log.attribute.missing': logs(change(record, { 'todo.count': undefined })),
  'log.attribute.extra': logs(change(record, { odd: 'x' })),
  'log.attribute.type': logs(change(record, { 'todo.count': '1' })),
  'log.attribute.value': logs(change(record, { 'todo.count': 2n })),
}
const kinds = Object.keys(planted)
const requestsOfEach = 6
const epochNanos = 1_796_000_000_000_000_000n

/** An operation of a version, some times over, each a trace of its own. */
function build(kind: string, own: Request, version: string): readonly TraceDocument[] {
  const route = `/${kind}`
  return Array.from({ length: requestsOfEach }, (_, n) => {
    const id = `${version}${kinds.indexOf(kind)}.${n}`
    const traceId = Buffer.from(id.padEnd(16, '.')).toString('hex')
    const spans = own.spans.map((span) => ({
      ...(span.spanId === server.spanId ? change(span, { 'http.route': route }) : span),
      ...(span.spanId === server.spanId && { name: `GET ${route}` }),
      traceId,
      startNanos: epochNanos + span.startNanos,
      endNanos: epochNanos + span.endNanos,
      events: span.events.map((one) => ({ ...one, timeNanos: epochNanos + one.timeNanos })),
    }))
    const records = own.logs.map((one) => ({
      ...one,
      traceId,
      timeNanos: epochNanos + one.timeNanos,
    }))
    const resource = change(own.resource, { 'service.version': version })
    return { spans: [createGroup(spans, resource)], logs: [createGroup(records, resource)] }
  })
}

const before = kinds.flatMap((kind) => build(kind, request, '1.9'))
const after = kinds.flatMap((kind) => build(kind, planted[kind] ?? request, '2.0'))
const toLines = (contents: readonly TraceDocument[]) =>
  contents.map(({ spans, logs: records }) =>
    [encodeTracesJson(spans), encodeLogsJson(records)].join('\n'),
  )

/** By operation, the kinds that a comparison finds besides the version, which differs between files and runs. */
function find(groups: ReadonlyMap<string, readonly StoredRequest[]>, by: string | null) {
  const [reference = ''] = groups.keys()
  const { differences } = compareStored({
    groups,
    reference,
    by,
    title: '',
    source: '',
    known: [],
    failOn: { parity: true, latencyRatioMax: null },
    tool: { name: 'test', version: '' },
    createdAt: '',
    seed: 1,
    machine: { platform: '', cpu: '', cores: 1, node: '' },
    hasLogs: true,
    registry: readRegistryFile(),
  })
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      differences
        .filter(
          ({ operation, subject }) =>
            operation === `GET /${kind} 200` && subject !== 'service.version',
        )
        .map((difference) => difference.kind)
        .join(),
    ]),
  )
}

const wanted = Object.fromEntries(kinds.map((kind) => [kind, kind]))
const none: Where = []

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planted-stored-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a difference of each kind is found by attribute, and no other', () => {
  const by = 'service.version'
  const groups = groupRequests([...before, ...after], { by: groupByAttribute(by), where: none })
  expect(find(groups, by)).toEqual(wanted)
})

test('a difference of each kind is found by file, and no other', async () => {
  const groups = new Map<string, readonly StoredRequest[]>()
  for (const [name, contents] of [['before', before] as const, ['after', after] as const]) {
    const path = join(folder, name)
    await writeFile(path, toLines(contents).join('\n'))
    const read = await readStoredFile(path)
    groups.set(name, groupRequests(read, { by: () => name, where: none }).get(name) ?? [])
  }
  expect(find(groups, null)).toEqual(wanted)
})

test('a difference of each kind is found by run, and no other', async () => {
  const runs = { folder: join(folder, 'runs'), keepMax: 5, isFresh: false }
  const send = async (url: string, contents: readonly TraceDocument[]) => {
    for (const [signal, encode] of [
      ['traces', () => encodeTracesJson(contents.flatMap(({ spans }) => spans))] as const,
      ['logs', () => encodeLogsJson(contents.flatMap(({ logs: records }) => records))] as const,
    ]) {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${url}/v1/${signal}`, { method: 'POST', headers, body: encode() })
      expect(answer.status).toBe(200)
    }
  }
  {
    await using first = await startTestCollector({ runs })
    await send(first.url, before)
  }
  await using second = await startTestCollector({ runs })
  await send(second.url, after)
  const groups = new Map<string, readonly StoredRequest[]>()
  for (const run of ['last', 'current']) {
    const contents = await fetchRun({ kind: 'collector', url: second.url }, {}, run, null)
    groups.set(run, groupRequests(contents, { by: () => run, where: none }).get(run) ?? [])
  }
  expect(find(groups, null)).toEqual(wanted)
})
