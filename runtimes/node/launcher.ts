import { environmentOf, type Launcher, mainOf } from '../processes/launcher.ts'

export const nodeLauncher: Launcher = {
  findProgram: () => process.execPath,
  async prepare() {},
  async createCommand(settings) {
    return { program: process.execPath, args: [mainOf('node')], env: environmentOf(settings) }
  },
}
