import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseComposeFile } from './compose-file.ts'
import { readStack } from './services.ts'

// What Docker Compose's own loader makes of compose.yaml, and BuildKit's own parser of the Dockerfile. They need Go, and
// no engine: the schema that `npm run check` has is of 2021, and knows nothing of cycles, nor of variables.

const folder = join(import.meta.dirname, '..', '..')
const secrets = { POSTGRES_PASSWORD: 'abc123', GRAFANA_PASSWORD: 'def456' }
const run = promisify(execFile)

let scratch: string
let program: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'docker-parsers-'))
  program = join(scratch, 'docker-parsers')
  await run('go', ['build', '-o', program, '.'], {
    cwd: join(import.meta.dirname, 'docker-parsers'),
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly -buildvcs=false' },
  })
}, 300_000)
afterAll(() => rm(scratch, { recursive: true, force: true }))

type Edits = {
  readonly compose?: readonly [string, string]
  readonly dockerfile?: readonly [string, string]
}

async function ask(edits: Edits, env: Readonly<Record<string, string>> = secrets): Promise<string> {
  const paths = await Promise.all(
    [
      ['compose.yaml', edits.compose],
      ['Dockerfile', edits.dockerfile],
    ].map(async ([name, edit]) => {
      const text = await readFile(join(folder, String(name)), 'utf8')
      const [from = '', to = ''] = edit ?? []
      expect(text).toContain(from)
      const path = join(scratch, String(name))
      await writeFile(
        path,
        text.replace(from, () => to),
      )
      return path
    }),
  )
  const { stdout } = await run(program, paths, { env })
  return stdout
}

const projectSchema = v.object({
  services: v.record(
    v.string(),
    v.looseObject({
      environment: v.optional(v.record(v.string(), v.string()), {}),
      mem_limit: v.string(),
      ports: v.optional(v.array(v.object({ host_ip: v.optional(v.string()) })), []),
    }),
  ),
})

test('both read our files, and what they read is what the rules looked at', async () => {
  const { services } = v.parse(projectSchema, JSON.parse(await ask({})))
  const text = await readFile(join(folder, 'compose.yaml'), 'utf8')
  const stack = readStack(parseComposeFile('compose.yaml', text), [])

  expect(Object.keys(services).toSorted()).toEqual(
    stack.services.map(({ name }) => name).toSorted(),
  )
  expect(services.lambda?.environment).toMatchObject({
    DATABASE_URL: 'postgres://todo:abc123@postgres:5432/todo',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    WEB_CONCURRENCY: '4',
  })
  expect(services.lgtm?.environment).toMatchObject({ GF_SECURITY_ADMIN_PASSWORD: 'def456' })
  expect(services.collector?.mem_limit).toBe(String(512 * 2 ** 20))
  const ports = Object.values(services).flatMap((service) => service.ports)
  expect(ports.length).toBeGreaterThan(10)
  for (const port of ports) expect(port.host_ip).toBe('127.0.0.1')
})

test.each(Object.keys(secrets))(
  'without %s nothing is started, and it is said what to do',
  async (name) => {
    const rest = Object.fromEntries(Object.entries(secrets).filter(([key]) => key !== name))
    await expect(ask({}, rest)).rejects.toThrow(
      `required variable ${name} is missing a value: put it into .env, see .env.example`,
    )
  },
)

test.each<{ edits: Edits; message: RegExp }>([
  {
    edits: {
      compose: ['lgtm: { condition: service_healthy }', 'loki: { condition: service_healthy }'],
    },
    message: /undefined service "?loki/,
  },
  {
    edits: {
      compose: [
        '    volumes: ["postgres-data:/var/lib/postgresql"]\n',
        '    volumes: ["postgres-data:/var/lib/postgresql"]\n    depends_on: { migrate: { condition: service_started } }\n',
      ],
    },
    message: /dependency cycle detected/,
  },
  {
    edits: { compose: ['networks: [database]\n    volumes', 'networks: [databases]\n    volumes'] },
    message: /undefined network databases/,
  },
  {
    edits: { compose: ['stop_grace_period: 60s', 'stop_grace_period: sixty'] },
    message: /stop_grace_period/,
  },
  { edits: { dockerfile: ['USER bun', 'USERS bun'] }, message: /unknown instruction: USERS/ },
  {
    edits: { dockerfile: ['FROM packages AS service', 'FROM packages as service'] },
    message: /FromAsCasing/,
  },
])('an error is found: $message', async ({ edits, message }) => {
  await expect(ask(edits)).rejects.toThrow(message)
})
