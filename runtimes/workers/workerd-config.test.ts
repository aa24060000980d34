import { expect, test } from 'vitest'
import application from '../application.ts'
import { readWorkerManifest } from './worker-bundle.ts'
import { renderWorkerdConfig } from './workerd-config.ts'

const settings = {
  manifest: {
    compatibilityDate: '2026-08-01',
    compatibilityFlags: ['nodejs_compat'],
    variables: { A: 'manifest', B: 'manifest' },
  },
  port: 8002,
  bundle: 'main.js',
  assetsFolder: '/project/dist/docs',
  databaseUrl: 'postgres://us%40er:p%22a%5Css@127.0.0.1:54320/todo',
  variables: { B: 'given' },
}

test('what is given wins over what wrangler.toml says', () => {
  const config = renderWorkerdConfig(settings)
  expect(config).toContain('(name = "A", text = "manifest")')
  expect(config).toContain('(name = "B", text = "given")')
  expect(config).not.toContain('(name = "B", text = "manifest")')
})

test('the database comes in by Hyperdrive, its name and password decoded', () => {
  const config = renderWorkerdConfig(settings)
  expect(config).toContain(
    'hyperdrive = (designator = "postgres", database = "todo", user = "us@er", password = "p\\x22a\\x5css", scheme = "postgres")',
  )
  expect(config).toContain('external = (address = "127.0.0.1:54320", tcp = ())')
})

test('no value can end its own text literal', () => {
  const config = renderWorkerdConfig({ ...settings, variables: { C: '")), (evil = "\n\\é' } })
  expect(config).toContain('(name = "C", text = "\\x22)), (evil = \\x22\\x0a\\x5c\\xc3\\xa9")')
})

test('it listens on loopback alone', () => {
  expect(renderWorkerdConfig(settings)).toContain('address = "127.0.0.1:8002"')
})

test('a database behind a Unix socket is reached there', () => {
  const databaseUrl = 'postgres://todo@/todo?host=/run/postgresql'
  expect(renderWorkerdConfig({ ...settings, databaseUrl })).toContain(
    'external = (address = "unix:/run/postgresql/.s.PGSQL.5432", tcp = ())',
  )
})

test.each(['no-verify', 'prefer', 'require', 'verify-ca', 'verify-full'])(
  'a URL that demands TLS by sslmode=%s is refused, not served in plaintext',
  (sslmode) => {
    const databaseUrl = `${settings.databaseUrl}?sslmode=${sslmode}`
    expect(() => renderWorkerdConfig({ ...settings, databaseUrl })).toThrow(/demands TLS/)
  },
)

test('a URL that asks for no TLS is served', () => {
  const databaseUrl = `${settings.databaseUrl}?sslmode=disable`
  expect(renderWorkerdConfig({ ...settings, databaseUrl })).toContain('127.0.0.1:54320')
})

test('wrangler.toml is for the application of this repository', async () => {
  expect(await readWorkerManifest()).toMatchObject({
    name: application.name,
    hasDatabase: application.database !== undefined,
  })
})
