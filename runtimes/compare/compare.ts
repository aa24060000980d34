import { basename } from 'node:path'
import { choosesColor } from '../../observability/comparison/report/render/chooses-color.ts'
import { renderTerminal } from '../../observability/comparison/report/render/render-terminal.ts'
import type { Report } from '../../observability/comparison/report/report-schema.ts'
import { MeasureError } from '../../observability/driver/measure.ts'
import { runComparison } from '../../observability/driver/run-comparison.ts'
import {
  parseSourceAddress,
  type SourceAddress,
} from '../../observability/driver/sources/trace-source.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { escapeLines } from '../../observability/plumbing/escape-controls.ts'
import { outliveReaders } from '../../observability/plumbing/outlive-readers.ts'
import { readReportBundle, renderReport } from '../../observability/viewer/render-report.ts'
import { readServed } from '../application/read-served.ts'
import { describeRouteScenario, writeRouteScenario } from '../application/route-scenario.ts'
import { exitSoon } from '../processes/exit-soon.ts'
import { reapOrphans } from '../processes/reap-orphans.ts'
import { StartError } from '../processes/start-error.ts'
import { findRunning } from '../start/data-folder.ts'
import { type CompareArguments, compareHelp, parseCompareArguments } from './compare-arguments.ts'
import { compareTraces } from './compare-traces.ts'
import { createProgress, type Progress } from './create-progress.ts'
import { createRunOptions } from './create-run-options.ts'
import { readBaseline } from './inputs/read-baseline.ts'
import { readConventions } from './inputs/read-conventions.ts'
import { readFacts } from './inputs/read-facts.ts'
import { assertBounded, readScenario } from './inputs/read-scenario.ts'
import { readTraceHeaders } from './inputs/read-trace-headers.ts'
import { openTargets } from './open-targets.ts'
import { asksForStored, parseStoredArguments, type StoredArguments } from './stored-arguments.ts'
import { assertWritable, writeReport } from './write-report.ts'

outliveReaders()
try {
  const args = process.argv.slice(2)
  if (asksForStored(args) && !args.includes('--help') && !args.includes('-h'))
    process.exitCode = await compareWhatIsStored(parseStoredArguments(args))
  else {
    const given = parseCompareArguments(args)
    if (given === 'help') process.stdout.write(compareHelp)
    else process.exitCode = await compare(given)
  }
} catch (error) {
  // 1 says that something differs; whatever else happens is not that.
  process.exitCode = 2
  const isExpected = error instanceof StartError || error instanceof MeasureError
  const stack = error instanceof Error ? error.stack : String(error)
  process.stderr.write(
    escapeLines(isExpected ? `${error.message}\n` : `the comparison failed: ${stack}\n`),
  )
}
exitSoon()

async function compareWhatIsStored(given: StoredArguments): Promise<number> {
  await assertWritable(given.out)
  const progress = createProgress(process.stderr)
  progress.show('reading traces')
  const asked = { ...given, traces: given.traces ?? (await findCollector(given)) }
  const report = await compareTraces(asked, readTraceHeaders(), await readFacts()).finally(() =>
    progress.clear(),
  )
  return show(given, report, {}, progress)
}

/** That of `npm start`, which traces in files have no need of. */
async function findCollector({ data, files }: StoredArguments): Promise<SourceAddress> {
  const running = files.length > 0 ? null : await findRunning(data)
  return parseSourceAddress(running?.collectorUrl ?? 'http://127.0.0.1:4318')
}

async function compare(given: CompareArguments): Promise<number> {
  // Whatever can be refused is refused before a minute has been spent.
  const served = await readServed(given.app, given.runtimes)
  const { application } = served
  if (given.writeScenario !== null) {
    await writeRouteScenario(given.writeScenario, application)
    process.stdout.write(`written: ${given.writeScenario}\n`)
    return 0
  }
  const scenario = await readScenario(given.scenario, application)
  assertBounded(given, scenario)
  const baseline = await readBaseline(given, scenario)
  const registry = await readConventions(given.conventions)
  await assertWritable(given.out)
  const progress = createProgress(process.stderr)
  const callOffReaper = reapOrphans()
  const interrupted = new AbortController()
  const onSignal = () => {
    progress.show('stopping; once more ends it at once')
    interrupted.abort(new StartError('it was interrupted before anything was measured'))
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal)
  try {
    progress.show(`starting ${given.runtimes.map(({ name }) => name).join(', ') || 'nothing'}`)
    // What is half started cannot be stopped in good order, so an interrupt waits for the rest of it.
    const targets = await openTargets(given, served)
    try {
      interrupted.signal.throwIfAborted()
      if (given.scenario === null && application.scenario === undefined)
        progress.print(describeRouteScenario(scenario, application))
      for (const note of [...served.notes, ...targets.notes]) progress.print(note)
      const options = createRunOptions(given, targets, {
        scenario,
        baseline,
        registry,
        facts: await readFacts(),
        onPhase: progress.show,
        signal: interrupted.signal,
      })
      const names = options.runtimes.map(({ name }) => name).join(', ')
      progress.print(
        `comparing ${names}: ${given.rounds} rounds of ${scenario.name}, seed ${given.seed}`,
      )
      const { report, files } = await runComparison(options)
      return await show(given, report, files, progress)
    } finally {
      progress.show('ending what was started')
      await targets.stop()
      progress.clear()
    }
  } finally {
    progress.clear()
    callOffReaper()
    for (const name of ['SIGINT', 'SIGTERM']) process.removeListener(name, onSignal)
  }
}

/** Prints a report, writes its files, and gives the exit code. */
async function show(
  { out, verbose }: Pick<CompareArguments, 'out' | 'verbose'>,
  report: Report,
  files: Readonly<Record<string, string>>,
  progress: Progress,
): Promise<number> {
  const page = await renderPage(report, progress)
  progress.clear()
  // First, so that what was measured is seen whatever becomes of the files.
  process.stdout.write(
    renderTerminal(report, {
      columns: process.stdout.columns ?? 140,
      verbose,
      color: choosesColor(process.env, process.stdout.isTTY),
    }),
  )
  const paths = await writeReport(out, report, { ...page, ...files })
  const seconds = Math.round(performance.now() / 1000)
  process.stdout.write(`${describeWritten(paths, seconds)}\n`)
  return report.outcome.exitCode
}

/** The file to open comes last, where the eye is. */
function describeWritten(paths: readonly string[], seconds: number): string {
  const first = paths.find((path) => path.endsWith('index.html')) ?? paths[0] ?? ''
  const others = paths.filter((path) => path !== first).map((path) => basename(path))
  return `after ${seconds} s, beside ${others.join(', ')}; open ${first}`
}

/** A page that cannot be made must not cost what was measured. */
async function renderPage(
  report: Report,
  progress: Progress,
): Promise<Readonly<Record<string, string>>> {
  try {
    return { 'index.html': renderReport(report, await readReportBundle()) }
  } catch (error) {
    progress.print(`index.html is left out: ${describeError(error)}`)
    return {}
  }
}
