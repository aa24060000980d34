import { describeError } from '../../plumbing/describe-error.ts'
import { preparePrograms } from './prepare-programs.ts'

// Prepares the services of other languages for `npm run test:foreign`, once.

try {
  await preparePrograms(report)
} catch (error) {
  report(describeError(error))
  process.exitCode = 2
}

function report(text: string): void {
  process.stderr.write(`foreign: ${text}\n`)
}
