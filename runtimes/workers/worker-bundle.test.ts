import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { bundleWorker } from './bundle-worker.ts'
import { workerFolder } from './worker-bundle.ts'

const bundle = join(workerFolder, 'main.js')

test('the Worker is small to upload and to start', async () => {
  await bundleWorker()
  // 139,520 when wrangler bundled it.
  expect(gzipSync(await readFile(bundle), { level: 9 }).length).toBeLessThan(120_000)
})

test('what is deployed is what runs here, byte for byte', async () => {
  await bundleWorker()
  const folder = await mkdtemp(join(tmpdir(), 'todo-deploy-'))
  try {
    const wrangler = join(projectFolder, 'node_modules', 'wrangler', 'bin', 'wrangler.js')
    const lines: string[] = []
    const child = await startChild({
      program: process.execPath,
      args: [wrangler, 'deploy', '--dry-run', '--outdir', folder],
      cwd: projectFolder,
      // No question, and no word to anybody over the network.
      env: {
        ...process.env,
        CI: '1',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_SEND_ERROR_REPORTS: 'false',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        WRANGLER_LOG_PATH: folder,
        NO_COLOR: '1',
        PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
      },
      onLine: (line) => lines.push(line),
    })
    expect(await child.ended, lines.join('\n')).toBe('exit code 0')
    expect(lines.join('\n')).not.toMatch(/additional module|warning/i)
    expect(await readFile(join(folder, 'main.js'))).toEqual(await readFile(bundle))
  } finally {
    await rm(folder, { recursive: true })
  }
})
