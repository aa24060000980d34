import { join } from 'node:path'
import { projectFolder } from '../processes/project-folder.ts'

/** The function's folder, as Lambda will unpack it. */
export const functionFolder = join(projectFolder, 'dist', 'lambda')

/** The archive to upload. The bundle's source map stays outside. */
export const functionArchive = join(projectFolder, 'dist', 'lambda.zip')
