import { join } from 'node:path'
import { environmentOf, type Launcher } from '../launch/launcher.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { appFunctionFolder, bundleAppLambda, bundleLambda } from './lambda-bundle.ts'

/** Builds the deployed bundle, and runs it in AWS's runtime client against our Runtime API. */
export const lambdaLauncher: Launcher = {
  findProgram: () => process.execPath,
  prepare: (bundle) => (bundle === undefined ? bundleLambda() : bundleAppLambda(bundle)),
  async createCommand(settings) {
    const host = join(projectFolder, 'runtimes', 'lambda', 'host', 'serve.ts')
    const { bundle } = settings
    const own = bundle !== undefined && {
      LAMBDA_TASK_ROOT: appFunctionFolder(bundle.folder),
      AWS_LAMBDA_FUNCTION_NAME: bundle.name,
      // So that a stack of a bundled app leads to its source.
      ...(bundle.isForeign && {
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps`,
      }),
    }
    return { program: process.execPath, args: [host], env: { ...environmentOf(settings), ...own } }
  },
}
