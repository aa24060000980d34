import { join } from 'node:path'
import { environmentOf, type Launcher } from '../processes/launcher.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { bundleLambda } from './lambda-bundle.ts'

export const lambdaLauncher: Launcher = {
  findProgram: () => process.execPath,
  prepare: bundleLambda,
  async createCommand(settings) {
    const host = join(projectFolder, 'runtimes', 'lambda', 'host', 'serve.ts')
    return { program: process.execPath, args: [host], env: environmentOf(settings) }
  },
}
