import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { listNamedFiles, writeNames } from './named-files.ts'

const read = (path: string) => readFile(join(projectFolder, path), 'utf8')

test.each(listNamedFiles(application))('$path has the names of the application', async (file) => {
  const text = await read(file.path)
  expect(text, 'run `npm run rename`').toBe(writeNames(text, file))
})

test.each(listNamedFiles({ name: 'shop-api', database: { name: 'shop', migrations: {} } }))(
  'renamed, $path says nothing of Todo',
  async (file) => {
    const written = writeNames(await read(file.path), file)
    expect(written).toMatch(/shop/)
    expect(written.match(/^(?!.*integrity).*todo.*$/gim)).toBeNull()
  },
)

test('an application without a database asks for none where it is deployed, and renames twice alike', async () => {
  const written = new Map<string, string>()
  for (const file of listNamedFiles({ name: 'Shop-api' })) {
    const once = writeNames(await read(file.path), file)
    expect(writeNames(once, file)).toBe(once)
    written.set(file.path, once)
  }
  expect(written.get('wrangler.toml')).not.toMatch(/hyperdrive/i)
  expect(written.get('wrangler.toml')).toContain('[vars]')
  const template = written.get('runtimes/lambda/lambda-template.yaml')
  expect(template).not.toMatch(/DatabaseUrl|DATABASE_URL/)
  expect(template).toMatch(/^Parameters:\n {2}OtlpEndpoint:/m)
  expect(written.get('compose.yaml')).toContain('POSTGRES_DB: shop_api')
})

test('a file that has no place for a name is named', () => {
  const file = { path: 'a.toml', names: [[/^name = /m, 'name = "b"']] } as const
  expect(() => writeNames('', file)).toThrow('a.toml: expected /^name = /m, to write name = "b"')
})
