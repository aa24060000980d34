import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { assertNames, listNamedFiles, writeNames } from './named-files.ts'

// `npm run rename`: writes the names of `runtimes/application.ts` where they cannot be read.

try {
  await rename()
} catch (error) {
  process.stderr.write(`runtimes/application.ts: ${describeError(error)}\n`)
  process.exitCode = 2
}

/** All is read before the first is written: one that has no place for its name leaves the others as they were. */
async function rename(): Promise<void> {
  assertNames(application)
  const files = await Promise.all(
    listNamedFiles(application).map(async (file) => {
      const path = join(projectFolder, file.path)
      const text = await readFile(path, 'utf8')
      return { path, name: file.path, text, written: writeNames(text, file) }
    }),
  )
  for (const { path, name, text, written } of files) {
    if (written === text) continue
    await writeFile(path, written)
    process.stdout.write(`${name}\n`)
  }
}
