import { findBun } from '../processes/find-programs.ts'
import { environmentOf, type Launcher, mainOf } from '../processes/launcher.ts'

export const bunLauncher: Launcher = {
  findProgram: findBun,
  async prepare() {},
  async createCommand(settings) {
    return { program: findBun(), args: [mainOf('bun')], env: environmentOf(settings) }
  },
}
