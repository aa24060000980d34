import type { Launcher } from '../processes/launcher.ts'
import { bundleAppWorker } from './bundle-app-worker.ts'
import { bundleWorker } from './worker-bundle.ts'
import { findWorkerd, writeWorkerdConfig } from './workerd.ts'

/** Builds the bundle that Wrangler would deploy, and runs it in workerd. */
export const workersLauncher: Launcher = {
  findProgram: findWorkerd,
  prepare: (bundle) => (bundle === undefined ? bundleWorker() : bundleAppWorker(bundle.folder)),
  createCommand: (settings) => writeWorkerdConfig(settings),
}
