import { shortenLine } from '../../../comparison/report/render/fold-differences.ts'
import type { Report, ReportOperation } from '../../../comparison/report/report-schema.ts'
import type { ComparedDifference, ComparedOperation } from '../compare/compared-operation.ts'

/** An operation of compare.json as the Compare view shows it. */
export function createFromReport(report: Report, operation: ReportOperation): ComparedOperation {
  const clocks = new Map(report.runtimes.map(({ name, clock }) => [name, clock]))
  return {
    name: operation.name,
    lanes: operation.runtimes.map(({ runtime, latency, versusReference, time }) => ({
      name: runtime,
      runtime,
      clock: clocks.get(runtime) ?? 'unknown',
      // Measured by the driver, whose clock is precise on every target.
      durationClock: 'precise',
      traceHref: null,
      durationsMillis: latency?.byRound.filter((millis) => millis !== null) ?? [],
      time: time === null ? null : { parts: time.parts, totalMillis: time.clientMillis },
      verdict: versusReference?.sentence ?? null,
    })),
    steps: operation.steps,
    logs: operation.logs,
    differences: report.differences
      .filter(({ operation: name }) => name === operation.name)
      .map((difference) => describe(report, difference)),
  }
}

function describe(report: Report, difference: Report['differences'][number]): ComparedDifference {
  const { runtime, step, kind, subject, known } = difference
  return {
    lane: runtime,
    step,
    kind,
    subject,
    text: shortenLine(difference),
    reason: known === null ? null : (report.known[known]?.reason ?? 'declared'),
  }
}
