import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { testConfig } from '../../collector/testing/start-test-collector.ts'
import { loki, prometheus, tempo } from './data-sources.ts'
import { variable } from './links/variable.ts'
import { panelsJson } from './testing/dashboard-json.ts'
import { readTempoSettings } from './testing/list-queries.ts'

function readText(file: string): string {
  return readFileSync(join(import.meta.dirname, 'provisioning', file), 'utf8')
}

/** As Grafana reads a file of provisioning: `$$` is a dollar, anything else with one a variable of the environment. */
function readAsGrafana(file: string) {
  const text = readText(file)
  const single = /(?<!\$)\$(?:\$\$)*(?!\$)\{?\w+/.exec(text.replaceAll(/^\s*#.*$/gm, ''))
  if (single !== null)
    throw new Error(`${file}: ${single[0]} would be a variable of the environment`)
  return parse(text.replaceAll('$$', '$'))
}

/** Where there is a value, such as `queries[].name`; each once, in order. */
function listKeys(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path]
  const nested = Array.isArray(value)
    ? value.flatMap((item) => listKeys(item, `${path}[]`))
    : Object.entries(value).flatMap(([key, item]) =>
        listKeys(item, path === '' ? key : `${path}.${key}`),
      )
  return [...new Set(nested)].sort()
}

/** Of every key of that name, however deep. */
function listValues(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    key === name ? [item] : listValues(item, name),
  )
}

describe('the data sources', () => {
  const { datasources } = readAsGrafana('datasources.yaml')
  const byUid = new Map(datasources.map((it: { uid: string }) => [it.uid, it]))
  const settingsOf = (uid: string) =>
    datasources.find((it: { uid: string }) => it.uid === uid).jsonData

  test('are those that the dashboards ask and link to, of the same type', () => {
    for (const { uid, type } of [prometheus, loki, tempo]) {
      expect(byUid.get(uid)).toMatchObject({ uid, type })
    }
    for (const { datasource } of panelsJson) {
      expect(byUid.get(datasource?.uid)).toMatchObject(datasource ?? {})
    }
  })

  test('are at the ports where the image has them', () => {
    expect(datasources.map(({ uid, url }: { uid: string; url: string }) => [uid, url])).toEqual([
      ['prometheus', 'http://127.0.0.1:9090'],
      ['tempo', 'http://127.0.0.1:3200'],
      ['loki', 'http://127.0.0.1:3100'],
      ['pyroscope', 'http://127.0.0.1:4040'],
    ])
  })

  test('have settings that Grafana knows by these names; of others it would say nothing', () => {
    expect(listKeys(settingsOf('prometheus'))).toEqual([
      'exemplarTraceIdDestinations[].datasourceUid',
      'exemplarTraceIdDestinations[].name',
      'exemplarTraceIdDestinations[].urlDisplayLabel',
      'httpMethod',
      'timeInterval',
    ])
    expect(listKeys(settingsOf('tempo'))).toEqual([
      'nodeGraph.enabled',
      'serviceMap.datasourceUid',
      'tracesToLogsV2.customQuery',
      'tracesToLogsV2.datasourceUid',
      'tracesToLogsV2.query',
      'tracesToLogsV2.spanEndTimeShift',
      'tracesToLogsV2.spanStartTimeShift',
      'tracesToLogsV2.tags[].key',
      'tracesToLogsV2.tags[].value',
      'tracesToMetrics.datasourceUid',
      'tracesToMetrics.queries[].name',
      'tracesToMetrics.queries[].query',
      'tracesToMetrics.spanEndTimeShift',
      'tracesToMetrics.spanStartTimeShift',
      'tracesToMetrics.tags[].key',
      'tracesToMetrics.tags[].value',
    ])
    expect(listKeys(settingsOf('loki'))).toEqual([
      'derivedFields[].datasourceUid',
      'derivedFields[].matcherRegex',
      'derivedFields[].matcherType',
      'derivedFields[].name',
      'derivedFields[].url',
      'derivedFields[].urlDisplayLabel',
    ])
  })

  test('link to each other, and to no others', () => {
    const uids = listValues(datasources, 'datasourceUid')
    expect(new Set(uids)).toEqual(new Set(['tempo', 'loki', 'prometheus']))
    expect(settingsOf('tempo').serviceMap.datasourceUid).toBe('prometheus')
    expect(settingsOf('tempo').tracesToMetrics.datasourceUid).toBe('prometheus')
  })

  test('know how often the collector reports', () => {
    const { flushIntervalMillis } = testConfig.spanMetrics
    expect(settingsOf('prometheus').timeInterval).toBe(`${flushIntervalMillis / 1000}s`)
  })

  test('lead from an exemplar and from a log record to the trace', () => {
    expect(settingsOf('prometheus').exemplarTraceIdDestinations).toMatchObject([
      { name: 'trace_id', datasourceUid: 'tempo' },
    ])
    expect(settingsOf('loki').derivedFields).toMatchObject([
      {
        matcherType: 'label',
        matcherRegex: 'trace_id',
        datasourceUid: 'tempo',
        url: variable('__value.raw'),
      },
    ])
  })

  test('lead from a trace to its log records', () => {
    expect(settingsOf('tempo').tracesToLogsV2).toMatchObject({
      datasourceUid: 'loki',
      customQuery: true,
      query: `{${variable('__tags')}} | trace_id = "${variable('__trace.traceId')}"`,
      tags: [{ key: 'service.name', value: 'service_name' }],
    })
  })

  test('name labels as Prometheus does', () => {
    const { tags } = readTempoSettings().tracesToMetrics
    expect(tags.length).toBeGreaterThan(0)
    for (const { key, value } of tags) expect(value).toBe(key.replaceAll('.', '_'))
  })
})

describe('the dashboards', () => {
  const [provider] = readAsGrafana('dashboards.yaml').providers

  test('are found where the image has its own folder for them', () => {
    expect(provider).toMatchObject({ type: 'file', disableDeletion: true, allowUiUpdates: false })
    expect(provider.options.path).toBe('/otel-lgtm/grafana/conf/provisioning/dashboards/custom')
  })

  test('have one that opens first', () => {
    const path = /DEFAULT_HOME_DASHBOARD_PATH=(\S+)/.exec(readText('dashboards.yaml'))?.[1] ?? ''
    expect(path).toBe(`${provider.options.path}/${basename(path)}`)
    expect(existsSync(join(import.meta.dirname, 'dashboards', basename(path)))).toBe(true)
  })
})

describe('Tempo', () => {
  const config = parse(readText('tempo-config.yaml'))

  test('makes no span metrics, which the collector makes under the same names', () => {
    expect(config.overrides.defaults.metrics_generator.processors).toEqual(['service-graphs'])
    expect(Object.keys(config.metrics_generator.processor)).toEqual(['service_graphs'])
  })

  test('answers where it is published, takes traces where the Collector of the image sends them, and asks Prometheus to keep the graph', () => {
    expect(config.server.http_listen_port).toBe(3200)
    const { grpc, http } = config.distributor.receivers.otlp.protocols
    expect([grpc.endpoint, http.endpoint]).toEqual(['127.0.0.1:4417', '127.0.0.1:4418'])
    expect(config.metrics_generator.storage.remote_write).toMatchObject([
      { url: 'http://127.0.0.1:9090/api/v1/write' },
    ])
    expect(config.querier.frontend_worker.frontend_address).toBe(
      `127.0.0.1:${config.server.grpc_listen_port}`,
    )
  })

  test('keeps what it has in the volume', () => {
    const paths = listValues(config, 'path')
    expect(paths).toHaveLength(3)
    for (const path of paths) expect(path).toMatch(/^\/data\/tempo\//)
  })

  test('names the trace of an exemplar as OTLP does', () => {
    expect(config.overrides.defaults.metrics_generator.trace_id_label_name).toBe('trace_id')
  })
})
