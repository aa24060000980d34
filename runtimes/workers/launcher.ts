import type { Launcher } from '../processes/launcher.ts'
import { bundleWorker } from './worker-bundle.ts'
import { findWorkerd, writeWorkerdConfig } from './workerd.ts'

export const workersLauncher: Launcher = {
  findProgram: findWorkerd,
  prepare: bundleWorker,
  createCommand: (settings) => writeWorkerdConfig(settings),
}
