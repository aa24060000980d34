import { environmentOf, type Launcher, mainOf } from '../processes/launcher.ts'
import { findBun } from '../processes/programs.ts'

export const bunLauncher: Launcher = {
  findProgram: findBun,
  async prepare() {},
  async createCommand(settings) {
    return { program: findBun(), args: [mainOf('bun')], env: environmentOf(settings) }
  },
}
