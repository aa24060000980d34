import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { listNamedFiles, writeNames } from './named-files.ts'

// `npm run rename`: writes the names of `runtimes/application.ts` where they cannot be read.

for (const file of listNamedFiles(application)) {
  const path = join(projectFolder, file.path)
  const text = await readFile(path, 'utf8')
  const written = writeNames(text, file)
  if (written === text) continue
  await writeFile(path, written)
  process.stdout.write(`${file.path}\n`)
}
