import { environmentOf, type Launcher, mainOf } from '../launch/launcher.ts'

/** Runs `main.ts` unbundled, in the Node that runs this. */
export const nodeLauncher: Launcher = {
  findProgram: () => process.execPath,
  async prepare() {},
  async createCommand(settings) {
    // So that a stack of a bundled app leads to its source.
    const mapped = settings.bundle?.isForeign === true ? ['--enable-source-maps'] : []
    return {
      program: process.execPath,
      args: [...mapped, mainOf('node')],
      env: environmentOf(settings),
    }
  },
}
