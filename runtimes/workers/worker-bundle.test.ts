import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundleWorker, workerFolder } from './worker-bundle.ts'

test('the Worker is small to upload and to start', async () => {
  await bundleWorker()
  const code = await readFile(join(workerFolder, 'main.js'))

  // 133,408 when OpenTelemetry came in as ES modules, 161,124 before. Spans and OTLP of our own are 5,600 more, which a
  // request gets back; a reader of SQL, which needs no tree of Kysely's, is 600.
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(141_000)
})
