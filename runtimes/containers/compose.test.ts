import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseDockerfile } from '../../observability/stack-tests/containers/parse-dockerfile.ts'
import { launcherOf } from '../launch/launchers.ts'
import { parseLoadArguments } from '../load/load-arguments.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { runtimes } from '../runtimes.ts'
import { drainMillisMax } from '../service/process.ts'
import { readList, readVariables } from '../testing/image-for-test.ts'

// That compose.yaml and the Dockerfile run what is run here as well: by `npm start` and by the scripts of package.json.

const composeSchema = v.object({
  services: v.record(
    v.string(),
    v.looseObject({
      build: v.optional(v.object({ target: v.string() })),
      command: v.optional(v.array(v.string())),
      ports: v.optional(v.array(v.string()), []),
      environment: v.optional(v.record(v.string(), v.string()), {}),
      stop_grace_period: v.optional(v.string()),
    }),
  ),
})
const packageSchema = v.object({ scripts: v.record(v.string(), v.string()) })

const read = (name: string) => readFile(join(projectFolder, name), 'utf8')
const compose = v.parse(composeSchema, parse(await read('compose.yaml'), { merge: true }))
const stages = parseDockerfile(await read('Dockerfile'))
const { scripts } = v.parse(packageSchema, JSON.parse(await read('package.json')))

/** What a service of ours runs: its own command, else that of its image. */
function readCommand(name: string): readonly string[] {
  const { build, command } = compose.services[name] ?? {}
  const stage = stages.find((one) => one.name === build?.target)
  return command ?? (stage === undefined ? [] : readList(stage, 'CMD'))
}

test('every service that is built is a runtime of the list, or one of the two that serve nothing', () => {
  const built = Object.entries(compose.services).flatMap(([name, { build }]) =>
    build ? [name] : [],
  )
  expect(built.toSorted()).toEqual(
    [...runtimes.map(({ name }) => name), 'load', 'migrate'].toSorted(),
  )
})

test.each(runtimes.filter(({ name }) => name !== 'workers'))(
  '$name runs what npm start runs',
  async (runtime) => {
    const settings = { port: runtime.port, databaseUrl: 'postgres://127.0.0.1/todo', variables: {} }
    const { args } = await launcherOf(runtime).createCommand(settings)
    const relative = args.map((one) => one.replace(`${projectFolder}/`, ''))

    expect(readCommand(runtime.name).slice(1)).toEqual(relative)
  },
)

/** Without what keeps Node from reading the flags that a person adds: nobody adds any there. */
const readWords = (script: string): readonly string[] =>
  (scripts[script] ?? '').split(' ').filter((word) => word !== '--')

test.each([
  { name: 'migrate', script: 'db:migrate' },
  { name: 'workers', script: 'serve:workers' },
  { name: 'load', script: 'load' },
])('$name runs npm run $script', ({ name, script }) => {
  const command = readCommand(name)
  const words = readWords(script)

  expect(words.length).toBeGreaterThan(1)
  expect(command.slice(0, words.length)).toEqual(words)
})

test('each runtime is published where npm start has it', () => {
  for (const { name, port } of runtimes)
    expect(compose.services[name]?.ports, name).toEqual([`127.0.0.1:${port}:${port}`])
})

test('what is published on this machine answers to no name of a page on the web', () => {
  for (const { name } of runtimes)
    expect(compose.services[name]?.environment, name).toMatchObject({
      ALLOWED_HOSTS: runtimes.map((one) => one.name).join(','),
    })
})

test('load asks every runtime at its port', () => {
  const words = readWords('load').length
  const given = parseLoadArguments(readCommand('load').slice(words), {})
  const ports = stages.map((stage) => [stage.name, readVariables(stage).PORT] as const)

  expect(given).toMatchObject({
    targets: runtimes.map(({ name }) => ({
      name,
      url: `http://${name}:${new Map(ports).get(name)}`,
    })),
  })
})

test('a container has the time to stop that its runtime may take', () => {
  // Requests, then the pool, then what was observed; see service.ts and telemetry.ts.
  const millisMax = drainMillisMax + 1000 + 3000
  for (const name of [...runtimes.map((runtime) => runtime.name), 'load']) {
    const [, seconds] = /^(\d+)s$/.exec(compose.services[name]?.stop_grace_period ?? '') ?? []
    expect(Number(seconds) * 1000, name).toBeGreaterThan(millisMax)
  }
})

test('what is observed goes to the Collector, and only there', () => {
  for (const { name } of runtimes)
    expect(compose.services[name]?.environment).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    })
  expect(compose.services.collector?.environment).toMatchObject({
    LGTM_OTLP_ENDPOINT: 'http://lgtm:4318',
  })
})
