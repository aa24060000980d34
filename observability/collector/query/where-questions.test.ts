import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { suggestionsSchema } from '../../wire/suggestions.ts'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  traceIdOf,
} from '../testing/build-telemetry.ts'
import { sendLogs, sendSpans } from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

const requestOf = (n: number, status: bigint, millis: bigint) =>
  buildSpan({
    traceId: traceIdOf(n),
    endNanos: buildSpan().startNanos + millis * 1_000_000n,
    attributes: buildAttributes({ 'http.route': '/todos', 'http.response.status_code': status }),
  })

async function fill(collector: Parameters<typeof sendSpans>[0]) {
  await sendSpans(collector, [
    buildGroup([requestOf(1, 200n, 5n), requestOf(2, 503n, 250n)], { service: 'my shop' }),
  ])
  await sendSpans(collector, [buildGroup([requestOf(3, 503n, 5n)], { service: 'checkout' })])
  await sendLogs(collector, [
    buildGroup([
      buildLogRecord({ body: 'slow', attributes: buildAttributes({ 'todo.count': 12n }) }),
      buildLogRecord({ body: 'fast', severityNumber: 17, severityText: 'ERROR' }),
    ]),
  ])
}

describe('where', () => {
  test.each([
    ['http.response.status_code>=500', [2, 3]],
    ['http.response.status_code>=500 service.name="my shop"', [2]],
    ['duration>100ms', [2]],
    ['service.name!=checkout kind=server', [1, 2]],
    ['http.route=/other', []],
    ['checkout', [3]],
    [traceIdOf(2), [2]],
    ['0000000000000001', [1, 2, 3]],
    ['000', []],
  ])('finds traces of a span with %s', async (where, expected) => {
    await using collector = await startTestCollector()
    await fill(collector)
    const query = new URLSearchParams({ where })
    const { traces } = await ask<{ traces: { traceId: string }[] }>(
      collector,
      `/api/traces?${query}`,
    )
    const exported = await (await fetch(`${collector.url}/api/export?${query}`)).text()

    expect(traces.map(({ traceId }) => traceId).toSorted()).toEqual(expected.map(traceIdOf))
    expect(exported.split('\n').filter((line) => line !== '')).toHaveLength(expected.length)
  })

  test('finds log records by their attributes and fields', async () => {
    await using collector = await startTestCollector()
    await fill(collector)
    const bodies = async (where: string) =>
      (
        await ask<{ logs: { body: string }[] }>(
          collector,
          `/api/logs?${new URLSearchParams({ where })}`,
        )
      ).logs.map(({ body }) => body)

    expect(await bodies('todo.count>10')).toEqual(['slow'])
    expect(await bodies('severity=error')).toEqual(['fast'])
  })

  test('is completed with names and values that are stored, the frequent first', async () => {
    await using collector = await startTestCollector()
    await fill(collector)
    const suggest = async (parameters: Record<string, string>) =>
      v.parse(
        suggestionsSchema,
        await ask(collector, `/api/suggestions?${new URLSearchParams(parameters)}`),
      ).suggestions

    expect(await suggest({ text: 'HTTP' })).toEqual(['http.response.status_code', 'http.route'])
    expect(await suggest({ text: 'stat' })).toEqual(['status', 'http.response.status_code'])
    expect(await suggest({ name: 'http.response.status_code' })).toEqual(['503', '200'])
    expect(await suggest({ name: 'service.name', text: 'shop' })).toEqual(['my shop'])
    expect(await suggest({ of: 'logs', text: 'todo' })).toEqual(['todo.count'])
    expect(await suggest({ of: 'logs', name: 'severity' })).toEqual(['error', 'info'])
    expect(await suggest({ name: 'no.such' })).toEqual([])
  })

  test('that is wrong says where', async () => {
    await using collector = await startTestCollector()
    const answer = await fetch(
      `${collector.url}/api/traces?${new URLSearchParams({ where: 'http.route= x' })}`,
    )
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      detail: 'where: expected a value after http.route=, at character 12',
    })
  })
})
