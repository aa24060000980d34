import type { Launcher } from '../processes/launcher.ts'
import { bundleAppWorker, bundleWorker } from './bundle-worker.ts'
import { findWorkerd, writeWorkerdConfig } from './workerd.ts'

export const workersLauncher: Launcher = {
  findProgram: findWorkerd,
  prepare: (bundle) => (bundle === undefined ? bundleWorker() : bundleAppWorker(bundle.folder)),
  createCommand: (settings) => writeWorkerdConfig(settings),
}
