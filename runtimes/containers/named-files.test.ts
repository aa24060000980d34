import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dashboards } from '../../observability/stack/grafana/dashboards.ts'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'

// What cannot read `runtimes/application.ts` holds its names, and is held to them here.

test('the dashboards show the application until another service is chosen', () => {
  for (const { templating } of dashboards)
    expect(templating?.list?.find(({ name }) => name === 'service')?.current).toMatchObject({
      value: application.name,
    })
})

test('compose.yaml makes the database of the application', async () => {
  const text = await readFile(join(projectFolder, 'compose.yaml'), 'utf8')
  expect(text).toMatch(new RegExp(`POSTGRES_DB: ${application.database?.name}$`, 'm'))
  expect(text).toMatch(new RegExp(`@postgres:5432/${application.database?.name}$`, 'm'))
})
