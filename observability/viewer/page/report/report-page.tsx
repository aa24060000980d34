import type { Report } from '../../../comparison/report-schema.ts'
import { OperationComparison } from '../compare/operation-comparison.tsx'
import { countOf } from '../state/format.ts'
import { Findings } from './findings.tsx'
import { createFromReport } from './from-report.ts'
import { OperationForms } from './operation-forms.tsx'
import { OutcomeMatrix, operationAnchor } from './outcome-matrix.tsx'

const outcomes = {
  0: { text: 'nothing unexpected differs', tone: 'is-good' },
  1: { text: 'differences', tone: '' },
  2: { text: 'could not run to its end', tone: 'is-bad' },
} as const

/** compare.json as a page: the whole first, then each operation. */
export function ReportPage({ report }: { readonly report: Report }) {
  const { settings, outcome, operations, measurement } = report
  const verdict = outcomes[outcome.exitCode]
  return (
    <>
      <header class="report-head">
        <h1>
          {report.runtimes.map(({ name }) => name).join(', ')}
          <span class={`badge ${verdict.tone}`}>{verdict.text}</span>
        </h1>
        <p class="muted">
          {new Date(report.createdAt).toLocaleString()} · {countOf(operations.length, 'operation')}{' '}
          · {countOf(settings.rounds, 'round')} · compared with {report.reference} ·{' '}
          {settings.machine.cpu}, {settings.machine.cores} cores, {settings.machine.platform}
        </p>
      </header>
      <main>
        <Findings report={report} />
        <section aria-labelledby="matrix-title">
          <h2 id="matrix-title">Operations and runtimes</h2>
          <OutcomeMatrix report={report} />
        </section>
        {operations.map((operation, index) => (
          <section
            key={operation.name}
            id={operationAnchor(index)}
            class="report-operation"
            aria-labelledby={`${operationAnchor(index)}-title`}
          >
            <h2 id={`${operationAnchor(index)}-title`}>
              {operation.name}{' '}
              <span class="muted">
                {operation.method} {operation.path}
              </span>
            </h2>
            <Verdicts report={report} index={index} />
            <OperationComparison
              operation={createFromReport(report, operation)}
              heading="h3"
              durationsOf="from the intended start to the last byte, by the driver's clock; parts inside the server by its own"
            />
            <OperationForms operation={operation} />
          </section>
        ))}
        <p class="muted">
          {countOf(measurement.requests, 'request')}, {measurement.lateRequests} of them sent too
          late to be timed
          {measurement.lag !== null && (
            <>; the driver's own lag p99 {measurement.lag.p99Millis.toFixed(2)} ms</>
          )}
          . Seed {settings.seed}, {settings.ratePerSecond} requests per second, scenario{' '}
          {settings.scenario}, traces from {settings.traces}. {report.tool.name}{' '}
          {report.tool.version}.
        </p>
      </main>
    </>
  )
}

function Verdicts({ report, index }: { readonly report: Report; readonly index: number }) {
  const sentences =
    report.operations[index]?.runtimes.flatMap(
      ({ versusReference }) => versusReference?.sentence ?? [],
    ) ?? []
  if (sentences.length === 0) return null
  return (
    <ul class="verdicts">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
