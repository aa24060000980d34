import { join } from 'node:path'
import { projectFolder } from '../processes/project-folder.ts'

/** Where the function is as Lambda will unpack it. */
export const functionFolder = join(projectFolder, 'dist', 'lambda')

/** What is uploaded. The map of the bundle lies beside it and is not part of it. */
export const functionArchive = join(projectFolder, 'dist', 'lambda.zip')
