import { resolve } from 'node:path'
import {
  createSeededRandom,
  seedMax,
} from '../../observability/comparison/statistics/seeded-random.ts'
import type { PlayedRequest, Target } from '../../observability/driver/play/play-round.ts'
import type { Scenario } from '../../observability/driver/play/scenario.ts'
import { splitCredentials } from '../../observability/driver/sources/credentials.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { outliveReaders } from '../../observability/plumbing/outlive-readers.ts'
import manifest from '../../package.json' with { type: 'json' }
import { readServed } from '../application/read-served.ts'
import { describeRouteScenario } from '../application/route-scenario.ts'
import { readScenario } from '../compare/inputs/read-scenario.ts'
import { exitSoon } from '../processes/exit-soon.ts'
import { reachLoopbackDirectly } from '../processes/reach-loopback.ts'
import { StartError } from '../processes/start-error.ts'
import { runtimes } from '../runtimes.ts'
import { findRunning } from '../start/data-folder.ts'
import { type LoadArguments, loadHelp, parseLoadArguments } from './load-arguments.ts'
import { createLoadTally } from './load-tally.ts'
import { playLoad } from './play-load.ts'
import { createSpanSender } from './span-sender.ts'

// npm run load: steady traffic, so that there is something to look at.

/** How often it says what came of it. */
const reportMillis = 30_000

/** Nothing at all was answered for so long: there is nothing to load. */
const silentMillisMax = 10_000

/** Where `npm start` puts its collector. */
const usualCollector = 'http://127.0.0.1:4318'

/** Where `npm start` runs them unless told otherwise. */
const usualTargets: readonly Target[] = runtimes.map(({ name, port }) => ({
  name,
  url: `http://127.0.0.1:${port}`,
}))

reachLoopbackDirectly(process.env)
outliveReaders()
try {
  const given = parseLoadArguments(process.argv.slice(2), process.env)
  if (given === 'help') process.stdout.write(loadHelp)
  else await load(given)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
exitSoon()

async function load(given: LoadArguments): Promise<void> {
  const { targets, scenario, collector, notes } = await chooseWhatToPlay(given)
  const tally = createLoadTally(targets.map(({ name }) => name))
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal)
  const last =
    given.seconds === null ? undefined : setTimeout(() => stop.abort(), given.seconds * 1000)

  let since = performance.now()
  function report(): void {
    const now = performance.now()
    for (const line of tally.takeLines((now - since) / 1000)) writeLine(line)
    since = now
  }

  const { url, headers } = splitCredentials(collector)
  const sender = createSpanSender({ url, headers, version: manifest.version }, (error) =>
    writeLine(`the collector takes no spans: ${describeError(error)}`),
  )
  writeLine(
    `${given.ratePerSecond} requests a second on each of ${targets.map(({ name }) => name).join(', ')}`,
  )
  for (const note of notes) writeLine(note)
  const ticker = setInterval(report, reportMillis)
  const silence = setTimeout(() => {
    if (!tally.hasAnswer()) stop.abort()
  }, silentMillisMax)
  const sayFirstError = createFirstError(writeLine)
  try {
    await playLoad({
      targets,
      scenario,
      ratePerSecond: given.ratePerSecond,
      random: createSeededRandom(Math.floor(Math.random() * seedMax)),
      signal: stop.signal,
      onPlayed(request) {
        sayFirstError(request)
        tally.add(request)
      },
      onSkipped: ({ name }) => tally.skip(name),
      onSpans: sender.add,
    })
    await sender.close()
    report()
    const broken = tally.listBroken()
    if (broken.length > 0) {
      writeLine(`nothing worked on ${broken.join(', ')}`)
      process.exitCode = 1
    }
  } finally {
    clearInterval(ticker)
    clearTimeout(silence)
    clearTimeout(last)
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, onSignal)
  }
}

/** Says of each target why its first request without an answer has none, and where that was sent. */
function createFirstError(say: (line: string) => void): (request: PlayedRequest) => void {
  const said = new Set<string>()
  return ({ runtime, method, url, error, isSent }) => {
    if (error === null || !isSent || said.has(runtime)) return
    said.add(runtime)
    say(`${runtime}: ${method} ${url}: ${error}`)
  }
}

type Play = {
  readonly targets: readonly Target[]
  readonly scenario: Scenario
  readonly collector: string
  readonly notes: readonly string[]
}

/** What `npm start` runs, where and of which app, unless the command line says otherwise. */
async function chooseWhatToPlay(given: LoadArguments): Promise<Play> {
  const running = given.targets.length > 0 ? null : await findRunning(given.data)
  const named = given.app.app === undefined ? undefined : resolve(given.app.app)
  if (running !== null && named !== undefined && running.app !== named)
    throw new StartError(
      `\`npm start\` runs ${running.app ?? 'the app of this repository'}, not ${named}; start that one, or say with --target NAME=URL where it is`,
    )
  const app = named ?? running?.app ?? undefined
  const { application, notes } = await readServed({ ...given.app, app }, runtimes)
  const scenario = await readScenario(given.scenario, application)
  const isMade = given.scenario === null && application.scenario === undefined
  return {
    targets: given.targets.length > 0 ? given.targets : (running?.services ?? usualTargets),
    scenario,
    collector: given.collector ?? running?.collectorUrl ?? usualCollector,
    notes: [...notes, ...(isMade ? [describeRouteScenario(scenario, application)] : [])],
  }
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
