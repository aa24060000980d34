import { once } from 'node:events'
import { describeError } from '../../../observability/plumbing/describe-error.ts'
import { escapeControls } from '../../../observability/plumbing/escape-controls.ts'
import { parseWhole } from '../../../observability/plumbing/parse-whole.ts'
import { reachLoopbackDirectly } from '../../processes/reach-loopback.ts'
import { reapOrphans } from '../../processes/reap-orphans.ts'
import { prepareClose } from '../../service/prepare-close.ts'
import {
  describeListenError,
  exitWith,
  readEnvironment,
  stopOnSignals,
} from '../../service/process.ts'
import { functionFolder } from '../function-archive.ts'
import { readFunctionManifest } from '../function-manifest.ts'
import { startEnvironment } from './execution-environment.ts'
import { createFleet } from './fleet.ts'
import { createHttpHost } from './http-host.ts'

// Runs the bundled function as Lambda would, behind HTTP. `LAMBDA_TASK_ROOT` may name the folder of another function.

/**
 * How long a function that is at work may go on once a stop was asked for: a statement may take 5 s, and after 6 s
 * `npm start` ends this by force.
 */
const answerMillisMax = 5400

const manifest = await readFunctionManifest()
const folder = process.env.LAMBDA_TASK_ROOT
const { host, port, allowedHosts } = readEnvironment({
  port: 8005,
  // What another function needs, it says itself.
  application: {
    name: manifest.name,
    ...(folder === undefined && manifest.hasDatabase && { database: true }),
  },
})
// Each environment asks the Runtime API, which is here.
reachLoopbackDirectly(process.env)
const environmentsMax = readEnvironmentsMax()
const callOffReaper = reapOrphans()

const fleet = createFleet({
  start: (options) =>
    startEnvironment(
      {
        folder: folder ?? functionFolder,
        handler: manifest.handler,
        name: process.env.AWS_LAMBDA_FUNCTION_NAME ?? manifest.name,
        memoryMegabytes: manifest.memoryMegabytes,
        timeoutMillis: manifest.timeoutSeconds * 1000,
        initMillisMax: 10_000,
        variables: { ALLOWED_HOSTS: allowedHosts.join(',') },
        onLine: writeLine,
      },
      options,
    ),
  environmentsMax,
  waitingMax: 1000,
  // Long enough for a start, short enough for /health while all environments are busy.
  waitMillisMax: 3000,
})
const server = createHttpHost(fleet, writeLine)
const closeServer = prepareClose(server, answerMillisMax)
stopOnSignals(async () => {
  await closeServer()
  await fleet.stop()
  callOffReaper()
})

server.on('error', (error) => exitWith(describeListenError(error, host, port)))
// A port that accepts says that the function answers.
await fleet
  .warmUp()
  .catch((error) => exitWith(`the function cannot start: ${describeError(error)}`))
server.listen(port, host)
await once(server, 'listening')
writeLine(`lambda-host: http://${host}:${port}, at most ${environmentsMax} environments`)

/** `WEB_CONCURRENCY`: Lambda starts an environment for each request at one time, which a laptop would feel. */
function readEnvironmentsMax(): number {
  try {
    return parseWhole('WEB_CONCURRENCY', process.env.WEB_CONCURRENCY ?? '4', 1, 99)
  } catch (error) {
    return exitWith(describeError(error))
  }
}

/** A function's error may hold anything, also several lines. */
function writeLine(line: string): void {
  process.stdout.write(`${escapeControls(line)}\n`)
}
