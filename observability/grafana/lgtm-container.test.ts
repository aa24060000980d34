import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

// That compose.yaml puts our files where the image, and they themselves, say that they are. Nothing else would tell:
// Grafana starts without them, empty.

const folder = join(import.meta.dirname, '..', '..')
const here = './observability/grafana'
const read = (path: string) => readFileSync(join(folder, path), 'utf8')

const service = v.object({
  environment: v.record(v.string(), v.string()),
  volumes: v.array(v.string()),
  command: v.optional(v.array(v.string()), []),
  healthcheck: v.optional(v.object({ test: v.array(v.string()) })),
  tmpfs: v.optional(v.array(v.string()), []),
  ports: v.array(v.string()),
  stop_grace_period: v.string(),
})
const { services } = v.parse(
  v.object({ services: v.object({ lgtm: service, collector: service }) }),
  parse(read('compose.yaml'), { merge: true }),
)

/** What is mounted, by the place where it is. */
function listMounts({ volumes }: v.InferOutput<typeof service>): Readonly<Record<string, string>> {
  return Object.fromEntries(volumes.map((volume) => volume.split(':').slice(0, 2).toReversed()))
}

const { providers } = v.parse(
  v.object({ providers: v.tuple([v.object({ options: v.object({ path: v.string() }) })]) }),
  parse(read(`${here}/provisioning/dashboards.yaml`)),
)
const dashboardFolder = providers[0].options.path

describe('LGTM', () => {
  test('has each of our files in the place of its own, and its data in a volume', () => {
    expect(listMounts(services.lgtm)).toEqual({
      '/data': 'lgtm-data',
      [dashboardFolder]: `${here}/dashboards`,
      // Grafana reads each file beside its own, whatever it is called.
      [`${dirname(dashboardFolder)}/custom.yaml`]: `${here}/provisioning/dashboards.yaml`,
      '/otel-lgtm/grafana/conf/provisioning/datasources/grafana-datasources.yaml': `${here}/provisioning/datasources.yaml`,
      '/otel-lgtm/tempo-config.yaml': `${here}/provisioning/tempo-config.yaml`,
    })
    for (const file of readdirSync(join(folder, here, 'provisioning')))
      expect(services.lgtm.volumes.join()).toContain(`/provisioning/${file}:`)
  })

  test('opens with a dashboard that is there', () => {
    const home = services.lgtm.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH ?? ''
    expect(dirname(home)).toBe(dashboardFolder)
    expect(existsSync(join(folder, here, 'dashboards', home.slice(dashboardFolder.length)))).toBe(
      true,
    )
    expect(read(`${here}/provisioning/dashboards.yaml`)).toContain(`_PATH=${home}\n`)
  })

  test('is healthy by the mark that it makes last, in a folder that is empty after a restart', () => {
    expect(services.lgtm.healthcheck?.test).toEqual(['CMD-SHELL', 'test -f /tmp/ready'])
    expect(services.lgtm.tmpfs).toContain('/tmp')
  })

  test('is given more time to end than it gives its parts', () => {
    const { environment, stop_grace_period: grace } = services.lgtm
    const parts = Number(environment.LGTM_SHUTDOWN_TIMEOUT_SECONDS)
    expect(Number.parseInt(grace, 10)).toBeGreaterThan(parts)
  })

  test('is published where Tempo and Prometheus listen in it', () => {
    const { server } = parse(read(`${here}/provisioning/tempo-config.yaml`))
    for (const port of [server.http_listen_port, 9090, 3000])
      expect(services.lgtm.ports).toContain(`127.0.0.1:${port}:${port}`)
  })
})

describe('the Collector', () => {
  test('is told of the file that is mounted', () => {
    const [target] =
      Object.entries(listMounts(services.collector)).find(
        ([, source]) => source === './observability/collector.yaml',
      ) ?? []
    expect(services.collector.command).toEqual([`--config=${target}`])
  })

  test('has its queue in a volume, and is reached from other containers', () => {
    const mounts = listMounts(services.collector)
    const { COLLECTOR_QUEUE_DIR: queue = '', COLLECTOR_HOST } = services.collector.environment
    const [target] = Object.entries(mounts).find(([, source]) => source === 'collector-queue') ?? []
    expect(queue.startsWith(`${target}/`)).toBe(true)
    expect(COLLECTOR_HOST).toBe('0.0.0.0')
  })
})
