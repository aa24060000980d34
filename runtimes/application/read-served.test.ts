import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findRuntimes, runtimes } from '../runtimes.ts'
import type { Given } from './define-application.ts'
import { readServed } from './read-served.ts'
import { writeForeignApp } from './testing/foreign-app.ts'

async function read(files: Readonly<Record<string, string>>, chosen = runtimes) {
  const app = await writeForeignApp(files)
  const served = await readServed({ app: app.file, variables: {} }, chosen).finally(
    app[Symbol.asyncDispose],
  )
  return served.application
}

/** What a plain app asks for: nothing. */
const given: Given = {
  version: '1.0.0',
  log() {},
  database() {
    throw new Error('no database')
  },
  ping: async () => 'ready',
  readOutage: () => undefined,
  readStaticFile: async () => null,
  settings: { allowedHosts: undefined, allowedOrigins: [], bodyBytesMax: 1 },
}

const get = "import { Hono } from 'hono'\nconst app = new Hono().get('/', (c) => c.text('hi'))\n"

describe('the templates of create-hono, which listen when they are imported', () => {
  const templates = {
    nodejs: `import { serve } from '@hono/node-server'\n${get}serve({ fetch: app.fetch, port: 3000 }, (info) => console.log(info))\n`,
    deno: `${get}Deno.serve(app.fetch)\n`,
    'aws-lambda': `import { handle } from 'hono/aws-lambda'\n${get}export const handler = handle(app)\n`,
  }

  test.each(Object.entries(templates))('%s lacks one line', async (_, text) => {
    await expect(read({ 'index.ts': text })).rejects.toThrow(
      /index\.ts: .*got none; add `export default app`$/,
    )
    for (const line of ['export default app', 'export { app }']) {
      const { create } = await read({ 'index.ts': `${text}${line}\n` })
      const answer = await create(given).fetch(new Request('http://localhost/'))
      expect(await answer.text()).toBe('hi')
    }
  })

  test('for Deno, with Hono in its import map alone', async () => {
    const app = await writeForeignApp({ 'index.ts': `${get}export default app\n` }, [])
    const { application } = await readServed({ app: app.file, variables: {} }, runtimes)
    const answer = await application.create(given).fetch(new Request('http://localhost/'))
    expect(await answer.text()).toBe('hi')
    await app[Symbol.asyncDispose]()
  })
})

describe('what cannot be run says why', () => {
  test.each([
    ['nothing', 'export const x = 1', /got none; add `export default app`/],
    ['no app', 'export default 7', /default export: expected a Hono app.*, got a number/],
    ['another object', 'export default { port: 1 }', /got an object with port/],
    [
      'an application without a usable name',
      "export default { name: 'a b', create() {} }",
      /default export: name: /,
    ],
    [
      'an import that is not there',
      "import 'nowhere'\nexport default {}",
      /index\.ts:1: Could not resolve "nowhere"/,
    ],
    [
      'a mistake in the text',
      'export default {',
      /index\.ts:1: Expected identifier but found end of file/,
    ],
    [
      'an import that only Bun has',
      "import { Database } from 'bun:sqlite'\nexport default Database",
      /index\.ts:1: imports "bun:sqlite", which only bun has, and not node, workers, deno, lambda; run it there alone with --runtimes bun/,
    ],
    [
      'an import that only Workers have',
      "import { DurableObject } from 'cloudflare:workers'\nexport default DurableObject",
      /imports "cloudflare:workers", which only workers has/,
    ],
    [
      'what Hono has for Bun alone',
      "import { serveStatic } from 'hono/bun'\nexport default serveStatic",
      /index\.ts:1: imports "hono\/bun", which only bun has, .*run it there alone with --runtimes bun$/,
    ],
    [
      'an error of its own',
      "throw new Error('SHOP_KEY: expected a key')",
      /index\.ts: SHOP_KEY: expected a key, at \/.*index\.ts:1:7$/,
    ],
  ])('%s', async (_, text, message) => {
    await expect(read({ 'index.ts': text })).rejects.toThrow(message)
  })

  test('a native package, where workers are to load it', async () => {
    const app = await writeForeignApp({
      'index.ts':
        "import native from 'native'\nexport default { fetch: () => new Response(native) }",
    })
    const manifest = join(app.folder, 'node_modules', 'native', 'package.json')
    await mkdir(dirname(manifest))
    await writeFile(manifest, '{"name":"native","version":"1.0.0","gypfile":true}')
    await writeFile(join(dirname(manifest), 'index.js'), "module.exports = 'from outside'")
    const choice = { app: app.file, variables: {} }

    await expect(readServed(choice, runtimes)).rejects.toThrow(
      /imports "native", which is native and which workers cannot load; leave them out with --runtimes node,deno,bun,lambda$/,
    )
    const { application } = await readServed(choice, findRuntimes(['node']))
    const answer = await application.create(given).fetch(new Request('http://localhost/'))
    expect(await answer.text()).toBe('from outside')
    await app[Symbol.asyncDispose]()
  })

  test('a binding of the app’s own wrangler file, whose variables it gets', async () => {
    const app = await writeForeignApp({
      'index.ts': `${get}export default app\n`,
      'wrangler.jsonc': `{
  // of the template
  "vars": { "SHELF": "elm", "ROWS": 3 },
  "kv_namespaces": [{ "binding": "SHOP_KV", "id": "1" }],
  "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room" }] },
  "assets": { "directory": "./public/" },
}`,
    })
    const { notes, bundle } = await readServed(
      { app: app.file, variables: { ROWS: '4' } },
      runtimes,
    )
    expect(bundle?.variables).toEqual({ SHELF: 'elm', ROWS: '4' })
    expect(notes).toEqual([
      'wrangler.jsonc names SHOP_KV (kv_namespaces), ROOM (durable_objects): nothing here can bring these, on workers or elsewhere, and c.env lacks them',
      'wrangler.jsonc has assets: its files are not served here',
    ])
    await app[Symbol.asyncDispose]()
  })

  test('a file that is not there', async () => {
    await expect(readServed({ app: '/nowhere/app.ts', variables: {} }, runtimes)).rejects.toThrow(
      '--app: expected a file such as src/app.ts, got /nowhere/app.ts, which is not there',
    )
  })
})
