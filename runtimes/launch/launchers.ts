import { bunLauncher } from '../bun/launcher.ts'
import { denoLauncher } from '../deno/launcher.ts'
import { lambdaLauncher } from '../lambda/launcher.ts'
import { nodeLauncher } from '../node/launcher.ts'
import type { Runtime } from '../runtime.ts'
import { workersLauncher } from '../workers/launcher.ts'
import type { Launcher } from './launcher.ts'

// Apart from the list of runtimes: these bring a bundler, which a name or a port does not need.
const launchers: Readonly<Record<string, Launcher>> = {
  node: nodeLauncher,
  workers: workersLauncher,
  deno: denoLauncher,
  bun: bunLauncher,
  lambda: lambdaLauncher,
}

/** How a runtime of the list is started here. */
export function launcherOf({ name }: Runtime): Launcher {
  const launcher = launchers[name]
  if (launcher === undefined) throw new Error(`${name}: expected an entry in launchers.ts`)
  return launcher
}
