import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What Docker Compose's own loader makes of compose.yaml, and BuildKit's own parser of the Dockerfile. They need Go, and
// no engine. Of what `npm test` holds the files to, they add cycles, variables, and whatever came after the schema of 2021.

const secrets = { POSTGRES_PASSWORD: 'abc123', GRAFANA_PASSWORD: 'def456' }
const run = promisify(execFile)

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'docker-parsers-'))
  await run('go', ['build', '-o', join(scratch, 'docker-parsers'), '.'], {
    cwd: join(import.meta.dirname, 'docker-parsers'),
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly -buildvcs=false' },
  })
}, 300_000)
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** The project as Docker Compose would start it. */
async function load(env: Readonly<Record<string, string>>) {
  const cwd = join(import.meta.dirname, '..', '..', '..')
  const program = join(scratch, 'docker-parsers')
  const { stdout } = await run(program, ['compose.yaml', 'Dockerfile'], { cwd, env })
  return JSON.parse(stdout)
}

test('both read our files, and passwords get to where they are needed', async () => {
  const { services } = await load(secrets)

  expect(services.postgres.environment.POSTGRES_PASSWORD).toBe('abc123')
  expect(services.lgtm.environment.GF_SECURITY_ADMIN_PASSWORD).toBe('def456')
  expect(services.lambda.environment).toMatchObject({
    DATABASE_URL: 'postgres://todo:abc123@postgres:5432/todo',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    WEB_CONCURRENCY: '4',
  })
})

test.each(Object.keys(secrets))(
  'without %s nothing is started, and it is said what to do',
  async (name) => {
    const rest = Object.fromEntries(Object.entries(secrets).filter(([key]) => key !== name))
    await expect(load(rest)).rejects.toThrow(
      `required variable ${name} is missing a value: put it into .env, see .env.example`,
    )
  },
)
