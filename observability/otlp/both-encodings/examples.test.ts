import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../decode-json.ts'
import type { Attribute } from '../model.ts'

function readFixture(name: string): string {
  return readFileSync(new URL(`../testing/fixtures/${name}`, import.meta.url), 'utf8')
}

const myService: Attribute = { key: 'service.name', value: 'my.service' }
const myLibrary = {
  name: 'my.library',
  version: '1.0.0',
  attributes: [{ key: 'my.scope.attribute', value: 'some scope attribute' }],
  droppedAttributesCount: 0,
}

describe('the examples of the specification', () => {
  test('trace.json, whose nanoseconds are unquoted', () => {
    expect(parseTracesJson(readFixture('trace.json'))).toEqual([
      {
        resource: { attributes: [myService], droppedAttributesCount: 0 },
        schemaUrl: '',
        scopes: [
          {
            scope: myLibrary,
            schemaUrl: '',
            items: [
              {
                traceId: '5b8efff798038103d269b633813fc60c',
                spanId: 'eee19b7ec3c1b174',
                parentSpanId: 'eee19b7ec3c1b173',
                traceState: '',
                flags: 0,
                name: "I'm a server span",
                kind: 2,
                startNanos: 1544712660000000000n,
                endNanos: 1544712661000000000n,
                attributes: [{ key: 'my.span.attr', value: 'some value' }],
                droppedAttributesCount: 0,
                events: [],
                droppedEventsCount: 0,
                links: [],
                droppedLinksCount: 0,
                status: { code: 0, message: '' },
              },
            ],
          },
        ],
      },
    ])
  })

  test('logs.json, with a value of every kind but bytes', () => {
    const [group] = parseLogsJson(readFixture('logs.json'))

    expect(group?.scopes[0]?.items).toEqual([
      {
        timeNanos: 1544712660300000000n,
        observedTimeNanos: 1544712660300000000n,
        severityNumber: 0,
        severityText: 'Information',
        body: 'Example log record',
        attributes: [
          { key: 'string.attribute', value: 'some string' },
          { key: 'boolean.attribute', value: true },
          { key: 'int.attribute', value: 10n },
          { key: 'double.attribute', value: 637.704 },
          { key: 'array.attribute', value: { values: ['many', 'values'] } },
          {
            key: 'map.attribute',
            value: { entries: [{ key: 'some.map.key', value: 'some value' }] },
          },
        ],
        droppedAttributesCount: 0,
        flags: 0,
        traceId: '5b8efff798038103d269b633813fc60c',
        spanId: 'eee19b7ec3c1b174',
        eventName: '',
      },
    ])
  })

  test('events.json, a record with a name and a structured body', () => {
    const record = parseLogsJson(readFixture('events.json'))[0]?.scopes[0]?.items[0]

    expect(record).toMatchObject({
      eventName: 'browser.page_view',
      severityNumber: 9,
      timeNanos: 1544712660300000000n,
      body: {
        entries: [
          { key: 'type', value: 0n },
          { key: 'url', value: 'https://www.guidgenerator.com/online-guid-generator.aspx' },
          { key: 'referrer', value: 'https://wwww.google.com' },
          { key: 'title', value: 'Free Online GUID Generator' },
        ],
      },
    })
  })

  test('metrics.json, with four kinds of metric', () => {
    const [group] = parseMetricsJson(readFixture('metrics.json'))
    const timeNanos = 1544712660300000000n
    const point = { startNanos: timeNanos, timeNanos, flags: 0, exemplars: [] }
    const attributes = (kind: string) => [{ key: `my.${kind}.attr`, value: 'some value' }]

    expect(group?.resource.attributes).toEqual([myService])
    expect(group?.scopes[0]?.scope).toEqual(myLibrary)
    expect(group?.scopes[0]?.items).toEqual([
      {
        name: 'my.counter',
        description: 'I am a Counter',
        unit: '1',
        metadata: [],
        data: {
          type: 'sum',
          temporality: 1,
          isMonotonic: true,
          points: [{ ...point, attributes: attributes('counter'), value: 5 }],
        },
      },
      {
        name: 'my.gauge',
        description: 'I am a Gauge',
        unit: '1',
        metadata: [],
        data: {
          type: 'gauge',
          points: [{ ...point, startNanos: 0n, attributes: attributes('gauge'), value: 10 }],
        },
      },
      {
        name: 'my.histogram',
        description: 'I am a Histogram',
        unit: '1',
        metadata: [],
        data: {
          type: 'histogram',
          temporality: 1,
          points: [
            {
              ...point,
              attributes: attributes('histogram'),
              count: 2n,
              sum: 2,
              min: 0,
              max: 2,
              bucketCounts: [1n, 1n],
              bounds: [1],
            },
          ],
        },
      },
      {
        name: 'my.exponential.histogram',
        description: 'I am an Exponential Histogram',
        unit: '1',
        metadata: [],
        data: {
          type: 'exponentialHistogram',
          temporality: 1,
          points: [
            {
              ...point,
              attributes: attributes('exponential.histogram'),
              count: 3n,
              sum: 10,
              min: 0,
              max: 5,
              scale: 0,
              zeroCount: 1n,
              zeroThreshold: 0,
              positive: { offset: 1, counts: [0n, 2n] },
              negative: { offset: 0, counts: [] },
            },
          ],
        },
      },
    ])
  })
})
