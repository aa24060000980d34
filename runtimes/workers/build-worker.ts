import { StartError } from '../processes/start-error.ts'
import { bundleWorker } from './bundle-worker.ts'

// What wrangler runs before it uploads; see wrangler.toml.
try {
  await bundleWorker()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
