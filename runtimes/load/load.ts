import {
  createSeededRandom,
  seedMax,
} from '../../observability/comparison/statistics/seeded-random.ts'
import type { Target } from '../../observability/driver/play/play-round.ts'
import { splitCredentials } from '../../observability/driver/sources/credentials.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import manifest from '../../package.json' with { type: 'json' }
import { scenario } from '../compare/scenario.ts'
import { reachLoopbackDirectly } from '../processes/reach-loopback.ts'
import { StartError } from '../processes/start-error.ts'
import { runtimes } from '../runtimes.ts'
import { type LoadArguments, loadHelp, parseLoadArguments } from './load-arguments.ts'
import { createLoadTally } from './load-tally.ts'
import { playLoad } from './play-load.ts'
import { createSpanSender } from './span-sender.ts'

// npm run load: steady traffic, so that there is something to look at.

/** How often it says what came of it. */
const reportMillis = 30_000

reachLoopbackDirectly(process.env)
try {
  const given = parseLoadArguments(process.argv.slice(2), process.env)
  if (given === 'help') process.stdout.write(loadHelp)
  else await load(given)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

async function load(given: LoadArguments): Promise<void> {
  const targets = given.targets.length > 0 ? given.targets : listRuntimes()
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

  const { url, headers } = splitCredentials(given.collector)
  const sender = createSpanSender({ url, headers, version: manifest.version }, (error) =>
    writeLine(`the collector takes no spans: ${describeError(error)}`),
  )
  writeLine(
    `${given.ratePerSecond} requests a second on each of ${targets.map(({ name }) => name).join(', ')}`,
  )
  const ticker = setInterval(report, reportMillis)
  try {
    await playLoad({
      targets,
      scenario,
      ratePerSecond: given.ratePerSecond,
      random: createSeededRandom(Math.floor(Math.random() * seedMax)),
      signal: stop.signal,
      onPlayed: tally.add,
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
    clearTimeout(last)
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, onSignal)
  }
}

/** Where `npm start` puts them. */
function listRuntimes(): readonly Target[] {
  return runtimes.map(({ name, port }) => ({ name, url: `http://127.0.0.1:${port}` }))
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
