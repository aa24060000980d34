import { environmentOf, type Launcher, mainOf } from '../processes/launcher.ts'

/** Runs `main.ts` unbundled, in the Node that runs this. */
export const nodeLauncher: Launcher = {
  findProgram: () => process.execPath,
  async prepare() {},
  async createCommand(settings) {
    return { program: process.execPath, args: [mainOf('node')], env: environmentOf(settings) }
  },
}
