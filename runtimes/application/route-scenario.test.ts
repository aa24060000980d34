import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { parseScenario } from '../../observability/driver/play/parse-scenario.ts'
import type { Application } from './define-application.ts'
import { createRouteScenario, describeRouteScenario, writeRouteScenario } from './route-scenario.ts'

function createApplication(count: number): Application {
  return {
    name: 'shop',
    create() {
      const app = new Hono()
      for (let index = 0; index < count; index++) app.get(`/page-${index}`, (c) => c.text('page'))
      return app
    },
  }
}

test('of more GETs than a scenario may have, both the line and the written file say how many are played; what is there is kept', async () => {
  const application = createApplication(101)
  expect(describeRouteScenario(createRouteScenario(application), application)).toContain(
    '100 of 101 GETs without parameters',
  )
  const folder = await mkdtemp(join(tmpdir(), 'scenario-'))
  try {
    const file = join(folder, 'scenario.ts')
    await writeRouteScenario(file, application)
    await expect(writeRouteScenario(file, application)).rejects.toThrow('is there already')
    const lost = join(folder, 'none', 'scenario.ts')
    await expect(writeRouteScenario(lost, application)).rejects.toThrow('is no folder')
    expect(await readFile(file, 'utf8')).toContain('It plays 100 of 101 GETs without parameters')
    const written: { readonly default: unknown } = await import(pathToFileURL(file).href)
    expect(parseScenario(written.default).operations).toHaveLength(100)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('of fewer, the line says that every one is played', () => {
  const application = createApplication(1)
  expect(describeRouteScenario(createRouteScenario(application), application)).toContain(
    'every GET without parameters: /page-0;',
  )
})
