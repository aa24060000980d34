import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkCompose } from './check-compose.ts'

// Holds compose.yaml to the Compose Specification and to rules of our own. Exit code: 0 when nothing is wrong, 1 when
// something is.

const folder = join(import.meta.dirname, '..', '..')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

const problems = checkCompose({
  name: 'compose.yaml',
  text: read('compose.yaml'),
  dockerfile: read('Dockerfile'),
  example: read('.env.example'),
  exists: (path) => existsSync(join(folder, path)),
})
for (const problem of problems) process.stdout.write(`${problem}\n`)
if (problems.length === 0) process.stdout.write('compose.yaml: valid\n')
else process.exitCode = 1
