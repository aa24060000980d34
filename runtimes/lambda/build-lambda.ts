import { stat } from 'node:fs/promises'
import { relative } from 'node:path'
import { StartError } from '../processes/start-error.ts'
import { functionArchive } from './function-archive.ts'
import { bundleLambda } from './lambda-bundle.ts'

// npm run build:lambda: what `sam deploy` uploads.
try {
  await bundleLambda()
  const { size } = await stat(functionArchive)
  process.stdout.write(`${relative(process.cwd(), functionArchive)} ${Math.ceil(size / 1000)} kB\n`)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
