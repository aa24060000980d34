import type { Launcher } from '../launch/launcher.ts'
import { bundleAppWorker, bundleWorker } from './bundle-worker.ts'
import { findWorkerd, writeWorkerdConfig } from './workerd.ts'

/** Builds the bundle that Wrangler would deploy, and runs it in workerd. */
export const workersLauncher: Launcher = {
  findProgram: findWorkerd,
  prepare: (bundle) => (bundle === undefined ? bundleWorker() : bundleAppWorker(bundle)),
  createCommand: (settings) => writeWorkerdConfig(settings),
}
