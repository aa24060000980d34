import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkCompose } from './check-compose.ts'

// Each test edits the files of the repository in one place, and expects to be told of that place and of nothing else.

const folder = join(import.meta.dirname, '..', '..')
const compose = readFileSync(join(folder, 'compose.yaml'), 'utf8')
const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8')
const example = readFileSync(join(folder, '.env.example'), 'utf8')

function check(given: { text?: string; dockerfile?: string; example?: string }) {
  const exists = (path: string) => existsSync(join(folder, path))
  return checkCompose({ name: 'c.yaml', text: compose, dockerfile, example, exists, ...given })
}

/** Replaces what is there exactly once, and gives the line as well. */
function edit(text: string, from: string, to: string): { text: string; line: number } {
  expect(text.split(from), `expected ${from} once`).toHaveLength(2)
  const before = text.slice(0, text.indexOf(from))
  return { text: text.replace(from, () => to), line: before.split('\n').length }
}

test('what the repository has is without a fault', () => {
  expect(check({})).toEqual([])
})

type Planted = [
  from: string,
  to: string,
  /** So many lines below what is replaced; or the line that reads so. */
  at: number | string,
  message: string | RegExp,
  /** Problems in all, when there is more than this one. */
  count?: number,
]

test.each<Planted>([
  // Not YAML, or not of the specification.
  ['x-hardened: &hardened\n', 'x-hardened: [&hardened\n', 2, /^not valid YAML: /],
  [
    '    shm_size: 128m\n',
    '    shmsize: 128m\n',
    0,
    'services.postgres.shmsize: no such attribute',
  ],
  [
    'collector: { condition: service_started }',
    'collector: { condition: service_up }',
    0,
    /depends_on\.collector\.condition: expected one of service_started, service_healthy, /,
    5,
  ],
  [
    '      interval: 3s\n      timeout: 3s\n      retries: 40',
    '      interval: soon\n      timeout: 3s\n      retries: 40',
    0,
    'services.postgres.healthcheck.interval: expected what the specification calls duration',
  ],
  [
    'ports: ["127.0.0.1:8001:8001"]',
    'ports: ["127.0.0.1:8001:http"]',
    0,
    'services.node.ports[0]: expected what the specification calls ports',
  ],
  [
    '    stop_grace_period: 60s',
    '    stop_grace_period: [60s]',
    0,
    'services.postgres.stop_grace_period: expected string',
  ],
  // Images.
  [
    'image: grafana/otel-lgtm:0.31.0',
    'image: grafana/otel-lgtm:latest',
    0,
    /^services\.lgtm\.image: grafana\/otel-lgtm:latest: expected a tag with a version/,
  ],
  [
    'image: otel/opentelemetry-collector-contrib:0.165.0',
    'image: otel/opentelemetry-collector-contrib',
    0,
    /^services\.collector\.image: /,
  ],
  [
    'build: { context: ., target: bun }',
    'build: { context: ., target: perl }',
    0,
    'services.bun.build: expected a target that is in the Dockerfile',
    4,
  ],
  // Exposure.
  [
    '- 127.0.0.1:3000:3000',
    '- 3000:3000',
    0,
    'services.lgtm.ports[0]: published on every address; expected 127.0.0.1:port:port',
  ],
  [
    '- 127.0.0.1:9090:9090',
    '- 0.0.0.0:9090:9090',
    0,
    /^services\.lgtm\.ports\[2\]: published on every/,
  ],
  [
    'ports: ["127.0.0.1:8001:8001"]',
    'ports: [{ target: 8001, published: 8001 }]',
    0,
    /^services\.node\.ports\[0\]: published on every/,
  ],
  [
    'network_mode: none',
    'network_mode: host',
    0,
    /^services\.collector-volume\.network_mode: host/,
  ],
  [
    'GF_AUTH_ANONYMOUS_ENABLED: "false"',
    'GF_AUTH_ANONYMOUS_ENABLED: "true"',
    0,
    /^services\.lgtm\.environment\.GF_AUTH_ANONYMOUS_ENABLED: expected .+ to be "false"/,
  ],
  [
    '      GF_AUTH_ANONYMOUS_ENABLED: "false"\n',
    '',
    -2,
    /^services\.lgtm\.environment: expected GF_AUTH_ANONYMOUS_ENABLED to be "false"/,
  ],
  [
    '      test: [CMD-SHELL, test -f /tmp/ready]\n',
    '',
    '  lgtm:',
    /^services\.lgtm: expected a health check/,
    2,
  ],
  // Networks.
  [
    '    network_mode: none',
    '    networks: [queue]',
    0,
    'services.collector-volume.networks[0]: queue: expected it among the networks at the top level',
  ],
  [
    'LGTM_OTLP_ENDPOINT: http://lgtm:4318',
    'LGTM_OTLP_ENDPOINT: http://ltgm:4318',
    0,
    'services.collector.environment.LGTM_OTLP_ENDPOINT: ltgm: there is no such service',
  ],
  [
    'LGTM_OTLP_ENDPOINT: http://lgtm:4318',
    'LGTM_OTLP_ENDPOINT: http://postgres:5432',
    0,
    /^services\.collector\..+: postgres: expected a network that both are in$/,
  ],
  [
    'LGTM_OTLP_ENDPOINT: http://lgtm:4318',
    'LGTM_OTLP_ENDPOINT: http://lgtm:4418',
    0,
    /^services\.collector\..+: lgtm:4418: expected one of its ports, which are 3000, 3200, 9090, 4318$/,
  ],
  [
    '--target=bun=http://bun:8004',
    '--target=bun=http://bun:8003',
    0,
    /^services\.load\.command\[6\]: bun:8003: expected one of its ports, which are 8004$/,
  ],
  // Limits.
  [
    '    mem_limit: 3g\n',
    '',
    '  lgtm:',
    'services.lgtm: expected mem_limit, such as 512m: one must not starve all',
  ],
  [
    '    mem_limit: 3g\n',
    '    mem_limit: 3 gigs\n',
    0,
    'services.lgtm.mem_limit: expected mem_limit, such as 512m: one must not starve all',
  ],
  [
    '    logging: *logging\n',
    '    logging: { driver: json-file, options: { max-size: 10m } }\n',
    0,
    /^services\.lgtm\.logging: expected logging with options max-size and max-file/,
  ],
  ['    stop_grace_period: 50s\n', '', '  lgtm:', /^services\.lgtm: expected stop_grace_period/],
  [
    '    restart: unless-stopped\n    stop_grace_period: 30s\n',
    '    stop_grace_period: 30s\n',
    '  collector:',
    'services.collector: expected restart, such as unless-stopped',
  ],
  [
    '    restart: "no"\n    tmpfs: [/tmp]\n',
    '    restart: always\n    tmpfs: [/tmp]\n',
    0,
    'services.migrate.restart: it does one thing and ends; expected restart: "no" or on-failure',
  ],
  [
    'GOMEMLIMIT: 409MiB',
    'GOMEMLIMIT: 512MiB',
    0,
    'services.collector.environment.GOMEMLIMIT: expected 80 % of mem_limit, which is 409MiB',
  ],
  ['GOMEMLIMIT: 409MiB', 'GOMEMLIMIT: 300MiB', 0, /expected 80 % of mem_limit, which is 409MiB/],
  ['GOMEMLIMIT: 409MiB', 'GOMEMLIMIT: 1g', 0, /GOMEMLIMIT: expected a number with MiB/],
  // Health and order.
  [
    '    x-no-health-check: its image has neither a shell nor another program; ask http://127.0.0.1:13133 from outside\n',
    '',
    '  collector:',
    'services.collector: expected a health check, or in x-no-health-check why it has none',
  ],
  [
    'x-no-health-check: it serves nothing; what it does is in its log and in Grafana',
    'x-no-health-check: "no"',
    0,
    'services.load.x-no-health-check: expected a reason',
  ],
  [
    '    init: false # its image has one\n',
    '    x-no-health-check: it has one all the same\n',
    0,
    'services.deno.x-no-health-check: it has a health check; leave this out',
  ],
  [
    'lgtm: { condition: service_healthy }',
    'lgtm: { condition: service_started }',
    0,
    /^services\.collector\.depends_on\.lgtm: it says when it is ready; expected condition/,
  ],
  [
    'collector-volume: { condition: service_completed_successfully }',
    'collector-volumes: { condition: service_completed_successfully }',
    0,
    'services.collector.depends_on.collector-volumes: collector-volumes: there is no such service',
    3,
  ],
  [
    '      bun: { condition: service_healthy }\n',
    '      bun: { condition: service_started }\n',
    0,
    /^services\.load\.depends_on\.bun: it says when it is ready/,
  ],
  [
    '    depends_on:\n      postgres: { condition: service_healthy }\n',
    '    depends_on: [postgres]\n',
    0,
    'services.migrate.depends_on: a list waits for nothing; expected a condition for each',
  ],
  // Secrets.
  [
    `POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?put it into .env, see .env.example}`,
    'POSTGRES_PASSWORD: hunter2',
    0,
    /^services\.postgres\.environment\.POSTGRES_PASSWORD: a secret; expected \$\{POSTGRES_PASSWORD:\?/,
  ],
  [
    `\${GRAFANA_PASSWORD:?put it into .env, see .env.example}`,
    `\${GRAFANA_PASSWORD:-admin}`,
    0,
    /^services\.lgtm\.environment\.GF_SECURITY_ADMIN_PASSWORD: a secret/,
  ],
  [
    `\${GRAFANA_PASSWORD:?put it into .env, see .env.example}`,
    `\${OTHER_PASSWORD:?put it into .env}`,
    0,
    /expected a line OTHER_PASSWORD= without a value in \.env\.example$/,
  ],
  // Mounts.
  [
    './observability/grafana/dashboards:',
    './observability/grafana/dashboard:',
    0,
    /^services\.lgtm\.volumes\[1\]: \.\/observability\/grafana\/dashboard: there is no such file/,
  ],
  [
    '/etc/otelcol-contrib/config.yaml:ro',
    '/etc/otelcol-contrib/config.yaml',
    0,
    /^services\.collector\.volumes\[0\]: .*expected :ro at the end$/,
  ],
  [
    '- lgtm-data:/data',
    '- /data',
    0,
    'services.lgtm.volumes[0]: a volume without a name is lost with its container',
    2,
  ],
  [
    '- lgtm-data:/data',
    '- /var/lib/lgtm:/data',
    0,
    /^services\.lgtm\.volumes\[0\]: \/var\/lib\/lgtm: expected a path that begins with \.\//,
    2,
  ],
  [
    '  lgtm-data:\n',
    '',
    '      - lgtm-data:/data',
    /^services\.lgtm\.volumes\[0\]: lgtm-data: expected it among the volumes/,
  ],
  ['  lgtm-data:\n', '  lgtm-data:\n  more:\n', 1, 'volumes.more: nothing uses it'],
  // Rights.
  [
    '    x-root: the image is made for root, without any capability here\n',
    '',
    '  lgtm:',
    'services.lgtm: expected another user, or in x-root why not',
  ],
  [
    '    x-root: the image is made for root, without any capability here\n',
    '    x-root: because\n',
    0,
    'services.lgtm.x-root: expected a reason',
  ],
  [
    'user: "10001:10001"',
    'user: "0"',
    '  collector:',
    /^services\.collector: expected another user/,
  ],
  [
    '    user: postgres\n',
    '    user: postgres\n    x-root: it is said that it needs to be root\n',
    1,
    'services.postgres.x-root: it is not so; leave this out',
  ],
  [
    "    x-writable: the image's start scripts may write beside the programs\n",
    '',
    '  lgtm:',
    'services.lgtm: expected read_only: true, or in x-writable why not',
  ],
  [
    '    shm_size: 128m\n',
    '    privileged: true\n',
    0,
    'services.postgres.privileged: expected it to be left out',
  ],
  [
    '    shm_size: 128m\n',
    '    cap_add: [CHOWN]\n',
    0,
    'services.postgres.cap_add: a capability without root is none; leave it out',
  ],
  [
    '    shm_size: 128m\n',
    '    cap_drop: []\n',
    '  postgres:',
    'services.postgres: expected cap_drop: [ALL]',
  ],
  [
    '    shm_size: 128m\n',
    '    security_opt: []\n',
    '  postgres:',
    'services.postgres: expected security_opt: ["no-new-privileges:true"]',
  ],
])('%#: instead of %j there is %j', (from, to, at, message, count = 1) => {
  const edited = edit(compose, from, to)
  const line = typeof at === 'number' ? edited.line + at : edited.text.split('\n').indexOf(at) + 1
  const problems = check({ text: edited.text })
  const here = problems.filter((problem) => problem.startsWith(`c.yaml:${line}: `))
  const sentences = here.map((problem) => problem.slice(`c.yaml:${line}: `.length))

  expect(
    sentences.filter((one) => (message instanceof RegExp ? message.test(one) : message === one)),
    problems.join('\n'),
  ).not.toEqual([])
  expect(problems, problems.join('\n')).toHaveLength(count)
})

test('what services share is told of once for each, at the place where each has it from', () => {
  const { text, line } = edit(
    compose,
    `\${POSTGRES_PASSWORD:?put it into .env, see .env.example}@`,
    'abc@',
  )
  const alias = text.slice(0, text.indexOf('*database-url')).split('\n').length

  expect(check({ text }).map((problem) => problem.split('.environment', 1)[0])).toEqual([
    `c.yaml:${alias}: services.migrate`,
    ...['node', 'workers', 'deno', 'bun', 'lambda'].map(
      (name) => `c.yaml:${line}: services.${name}`,
    ),
  ])
})

test('an image that ours are built from has to be pinned too', () => {
  const { text, line } = edit(
    dockerfile,
    'FROM oven/bun:1.4.5-slim AS bun',
    'FROM oven/bun:slim AS bun',
  )
  expect(check({ dockerfile: text })).toEqual([
    `Dockerfile:${line}: oven/bun:slim: expected a tag with a version, such as :1.2, or a digest`,
  ])
})

test('a stage that is called as its image does not make it a stage', () => {
  const { text, line } = edit(dockerfile, 'FROM node:24.21.0-slim AS node\n', 'FROM node AS node\n')
  expect(check({ dockerfile: text })).toEqual([
    `Dockerfile:${line}: node: expected a tag with a version, such as :1.2, or a digest`,
  ])
})

test('an image that is built without a health check is told of', () => {
  const { text } = edit(
    dockerfile,
    'HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["bun", "runtimes/check-health.ts"]\n',
    '',
  )
  expect(check({ dockerfile: text })[0]).toMatch(/services\.bun: expected a health check/)
})

test('an image that is built for root is told of', () => {
  const { text } = edit(dockerfile, 'USER bun\n', '')
  expect(check({ dockerfile: text })).toEqual([
    expect.stringMatching(/services\.bun: expected another user/),
  ])
})

test('an example that has a secret in it is told of', () => {
  const { text } = edit(example, 'GRAFANA_PASSWORD=', 'GRAFANA_PASSWORD=admin')
  expect(check({ example: text })).toEqual([
    expect.stringMatching(/expected a line GRAFANA_PASSWORD= without a value/),
  ])
})

test('variables may be a list, ports may be long, mounts may be long', () => {
  const text = `services:
  a:
    image: a:1.0
    user: a
    environment: [TOKEN=abc, "URL=http://u:p@a", PLAIN=1, "OUTSIDE=https://a.example"]
    ports: [{ target: 1, published: 1, host_ip: 127.0.0.1 }]
    volumes: [{ type: bind, source: ./compose.yaml, target: /c, read_only: true }]
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    read_only: true
    mem_limit: 1m
    logging: { options: { max-size: 1m, max-file: "1" } }
    restart: always
    stop_grace_period: 1s
    healthcheck: { disable: true }
`
  expect(check({ text })).toEqual([
    expect.stringMatching(/^c\.yaml:2: services\.a: expected a health check/),
    expect.stringMatching(/^c\.yaml:5: services\.a\.environment\[0\]: a secret/),
    expect.stringMatching(/^c\.yaml:5: services\.a\.environment\[1\]: a secret/),
  ])
})
