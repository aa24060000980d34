import { copyFile, mkdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { StartError } from '../processes/start-error.ts'
import type { Application } from './define-application.ts'

/**
 * Copies an app's static files from the packages that are installed beside it.
 *
 * @param file Of the app.
 * @param folder Holds nothing else afterwards; is not there for an app without static files.
 * @throws StartError when one is not there.
 */
export async function copyStaticFiles(
  file: string,
  { staticFiles }: Pick<Application, 'staticFiles'>,
  folder: string,
): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  for (const name of staticFiles?.names ?? []) {
    const path = join(folder, name)
    try {
      await mkdir(dirname(path), { recursive: true })
      await copyFile(createRequire(file).resolve(`${staticFiles?.package}/${name}`), path)
    } catch (cause) {
      throw new StartError(`--app: staticFiles: ${describeError(cause)}`, { cause })
    }
  }
}
