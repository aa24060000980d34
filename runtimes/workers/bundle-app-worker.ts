import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { useApplication } from '../application/use-application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import { appWorkerFolder } from './worker-bundle.ts'

/**
 * Bundles the Worker with the application of a bundle, as wrangler would: by the same conditions, with Node's modules
 * left to workerd.
 *
 * @throws StartError with esbuild's own words.
 */
export async function bundleAppWorker(folder: string): Promise<void> {
  await build({
    entryPoints: [join(projectFolder, 'runtimes', 'workers', 'main.ts')],
    outfile: join(appWorkerFolder(folder), 'main.js'),
    bundle: true,
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    target: 'es2024',
    format: 'esm',
    // CommonJS asks for Node's own modules when it runs.
    banner: {
      js: "import { builtinModules, createRequire } from 'node:module'; const require = createRequire('file:///main.js');",
    },
    external: [...builtinModules, 'node:*', 'cloudflare:*'],
    alias: { 'zod/v4/core': join(import.meta.dirname, 'absent-module.ts') },
    keepNames: true,
    logLevel: 'silent',
    plugins: [useApplication(folder)],
  }).catch((cause) => {
    throw new StartError(`esbuild could not bundle the Worker: ${describeError(cause)}`, { cause })
  })
}
