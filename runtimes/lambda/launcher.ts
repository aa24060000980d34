import { join } from 'node:path'
import { environmentOf, type Launcher } from '../launch/launcher.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { appFunctionFolder, bundleAppLambda, bundleLambda } from './lambda-bundle.ts'

/** Builds the deployed bundle, and runs it in AWS's runtime client against our Runtime API. */
export const lambdaLauncher: Launcher = {
  findProgram: () => process.execPath,
  prepare: (bundle) => (bundle === undefined ? bundleLambda() : bundleAppLambda(bundle.folder)),
  async createCommand(settings) {
    const host = join(projectFolder, 'runtimes', 'lambda', 'host', 'serve.ts')
    const { bundle } = settings
    const own = bundle !== undefined && {
      LAMBDA_TASK_ROOT: appFunctionFolder(bundle.folder),
      AWS_LAMBDA_FUNCTION_NAME: bundle.name,
    }
    return { program: process.execPath, args: [host], env: { ...environmentOf(settings), ...own } }
  },
}
