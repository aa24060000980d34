import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { assertNames, listNamedFiles, writeNames } from './named-files.ts'

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

test('an application without a database asks for none where it is deployed, renames twice alike, and may get one again', async () => {
  const written = new Map<string, string>()
  for (const file of listNamedFiles({ name: 'shop-api' })) {
    const once = writeNames(await read(file.path), file)
    expect(writeNames(once, file)).toBe(once)
    const back = listNamedFiles(application).find(({ path }) => path === file.path)
    expect(back && writeNames(once, back), 'a database again').toBe(await read(file.path))
    written.set(file.path, once)
  }
  expect(written.get('wrangler.toml')).not.toMatch(/hyperdrive/i)
  expect(written.get('wrangler.toml')).toContain('[vars]')
  const template = written.get('runtimes/lambda/lambda-template.yaml')
  expect(template).not.toMatch(/DatabaseUrl|DATABASE_URL/)
  expect(template).toMatch(/^Parameters:\n {2}OtlpEndpoint:/m)
  expect(written.get('compose.yaml')).toContain('POSTGRES_DB: app')
})

test('a file that has no place for a name is named', () => {
  const file = {
    path: 'a.toml',
    names: [[/^name = /m, 'name = "b"']],
    hasDatabase: false,
  } as const
  expect(() => writeNames('', file)).toThrow('a.toml: expected /^name = /m, to write name = "b"')
})

describe('a name that some file could not hold is refused', () => {
  test.each([
    ...[
      '',
      'Shop',
      'shop api',
      'shop_api',
      '-shop',
      'shop-',
      '7shop',
      '0x1f',
      '1e3',
      'a'.repeat(64),
    ],
    ...[
      'null',
      'true',
      'no',
      'on',
      'y',
      '~',
      'shop: api',
      'shop #1',
      '"',
      "'; drop",
      'a\nb',
      '$&',
      'スープ',
    ],
    ...['../shop', 'node_modules', 'shop@1', '*', '{{name}}'],
  ])('name %j', (name) => {
    expect(() => assertNames({ name })).toThrow(/^name: expected at most 63 lower-case letters/)
  })

  test('as a title that nobody could see', () => {
    expect(() => assertNames({ name: 'shop', title: ' ' })).toThrow(/^title: expected a text/)
  })

  test.each([
    ...['', 'Shop', 'shop-api', '1shop', 'null', 'yes', 'off', 'a'.repeat(64), 'a b', "a'b", 'a/b'],
    ...['pg_shop', 'public', 'none', 'template1'],
  ])('database.name %j', (name) => {
    expect(() => assertNames({ name: 'shop', database: { name, migrations: {} } })).toThrow(
      /^database\.name: expected at most 63 lower-case letters/,
    )
  })
})

test.each(['a', 'shop', 'shop-api-2', 'nullable', 'yes-or-no', 'x'.repeat(63)])(
  'the name %s is the same text in each file',
  async (name) => {
    assertNames({ name })
    const files = listNamedFiles({ name, title: '時計' })
    const write = async (path: string) => {
      const file = files.find((one) => one.path === path)
      return file === undefined ? '' : writeNames(await read(path), file)
    }
    const template = await write('runtimes/lambda/lambda-template.yaml')
    expect(parse(template, { logLevel: 'silent' })).toMatchObject({ Description: name })
    expect(JSON.parse(await write('package.json'))).toMatchObject({ name })
    expect(await write('wrangler.toml')).toContain(`name = "${name}"`)
  },
)
