import { choosesColor } from '../observability/comparison/color-choice.ts'
import { renderTerminal } from '../observability/comparison/render-terminal.ts'
import type { Report } from '../observability/comparison/report-schema.ts'
import { MeasureError } from '../observability/driver/measure.ts'
import { assertWritable, writeReport } from '../observability/driver/write-report.ts'
import { readReportBundle, renderReport } from '../observability/viewer/render-report.ts'
import { type CompareArguments, compareHelp, parseCompareArguments } from './compare-arguments.ts'
import { openPlaces } from './compare-places.ts'
import { createProgress, type Progress } from './compare-progress.ts'
import { readBaseline, readScenario, runComparison } from './compare-run.ts'
import { reapOrphans } from './reap-orphans.ts'
import { describeError, StartError } from './start-error.ts'

try {
  const given = parseCompareArguments(process.argv.slice(2))
  if (given === 'help') process.stdout.write(compareHelp)
  else process.exitCode = await compare(given)
} catch (error) {
  if (!(error instanceof StartError || error instanceof MeasureError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

async function compare(given: CompareArguments): Promise<number> {
  // Whatever can be refused is refused before a minute has been spent.
  const scenario = await readScenario(given.scenario)
  const baseline = await readBaseline(given.baseline)
  await assertWritable(given.out)
  const progress = createProgress(process.stderr)
  const callOffReaper = reapOrphans()
  const interrupted = new AbortController()
  const onSignal = () => interrupted.abort()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal)
  try {
    progress.show(`starting ${given.runtimes.map(({ name }) => name).join(', ') || 'nothing'}`)
    const places = await openPlaces(given)
    try {
      for (const note of places.notes) progress.print(note)
      const report = await runComparison({
        given,
        places,
        scenario,
        baseline,
        progress,
        signal: interrupted.signal,
      })
      const files = await writeReport(given.out, report, await renderPage(report, progress))
      progress.clear()
      process.stdout.write(
        renderTerminal(report, {
          columns: process.stdout.columns ?? 140,
          color: choosesColor(process.env, process.stdout.isTTY),
        }),
      )
      process.stdout.write(`written: ${files.join(', ')}\n`)
      return report.outcome.exitCode
    } finally {
      progress.show('ending what was started')
      await places.stop()
      progress.clear()
    }
  } finally {
    callOffReaper()
    for (const name of ['SIGINT', 'SIGTERM']) process.removeListener(name, onSignal)
  }
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
