import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseScenario } from '../../../observability/driver/play/parse-scenario.ts'
import type { Scenario } from '../../../observability/driver/play/scenario.ts'
import { describeError } from '../../../observability/plumbing/describe-error.ts'
import type { Application } from '../../application/define-application.ts'
import { createRouteScenario } from '../../application/route-scenario.ts'
import { StartError } from '../../processes/start-error.ts'
import type { CompareArguments } from '../compare-arguments.ts'

/** A module that awaits something at its top has so long. */
const importMillisMax = 10_000

/** Requests of one run, so that neither this process nor the collector has to hold more. */
const requestsMax = 40_000

/** @throws StartError when a run would have more requests than that. */
export function assertBounded(
  { rounds, runtimes, targets }: CompareArguments,
  { operations }: Scenario,
): void {
  const targetCount = runtimes.length + targets.length
  const requests = rounds * operations.length * targetCount
  if (requests <= requestsMax) return
  throw new StartError(
    `${rounds} rounds of ${operations.length} operations on ${targetCount} runtimes are ${requests} requests; expected at most ${requestsMax}, choose fewer with --rounds`,
  )
}

/** What the pool of an application with a database does by chance, whatever is asked. */
const byPool = [
  {
    matches: { kind: 'span.*', path: '* > CONNECT' },
    reason: 'a pool opens a connection when those it has are busy or were idle for long',
  },
  {
    matches: { kind: 'event.*', subject: 'db.connection.acquired' },
    reason: 'comes with the connection',
  },
] as const

/**
 * The scenario of a file, or else of the application, or else one of its routes.
 *
 * @throws StartError when the file is none, or there is no scenario in it.
 */
export async function readScenario(
  path: string | null,
  application: Application,
): Promise<Scenario> {
  const scenario = path === null ? ownScenario(application) : await readScenarioFile(path)
  return application.database === undefined
    ? scenario
    : { ...scenario, occasional: [...(scenario.occasional ?? []), ...byPool] }
}

function ownScenario(application: Application): Scenario {
  return application.scenario === undefined
    ? createRouteScenario(application)
    : parseScenario(application.scenario)
}

async function readScenarioFile(path: string): Promise<Scenario> {
  const inTime = new AbortController()
  try {
    const file: { readonly default?: unknown } = await Promise.race([
      import(pathToFileURL(path).href),
      delay(importMillisMax, undefined, inTime).then(() => {
        throw new Error(`was not read within ${importMillisMax / 1000} s; what does it await?`)
      }),
    ])
    const scenario = parseScenario(file.default)
    const known = (scenario.known ?? []).map((one) => ({ ...one, declaredIn: path }))
    return { ...scenario, known }
  } catch (cause) {
    throw new StartError(`--scenario ${path}: ${describeImportError(cause)}`, { cause })
  } finally {
    inTime.abort()
  }
}

/** Of code that cannot be read, Node says the line at the head of the stack. */
function describeImportError(error: unknown): string {
  const message = describeError(error)
  if (!(error instanceof SyntaxError)) return message
  const [, line] = /^(?:file:\/\/)?\/.*:(\d+)$/m.exec(error.stack ?? '') ?? []
  return line === undefined ? message : `line ${line}: ${message}`
}
