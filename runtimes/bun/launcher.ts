import { environmentOf, type Launcher, mainOf } from '../launch/launcher.ts'
import { findBun } from '../processes/find-programs.ts'

/** Runs `main.ts` unbundled; Bun reads TypeScript itself. */
export const bunLauncher: Launcher = {
  findProgram: findBun,
  async prepare() {},
  async createCommand(settings) {
    return { program: findBun(), args: [mainOf('bun')], env: environmentOf(settings) }
  },
}
