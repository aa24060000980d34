import { renderVerdict } from '../../../comparison/report/render/render-verdict.ts'
import type { Report } from '../../../comparison/report/report-schema.ts'
import { renderMillis } from '../../../comparison/trace/clock-trust.ts'
import { OperationComparison } from '../compare/operation-comparison.tsx'
import { countOf } from '../state/format.ts'
import { Contents } from './contents.tsx'
import { ConventionsSection } from './conventions-section.tsx'
import { FirstFindings, LastFindings } from './findings.tsx'
import { formatUtc } from './format-utc.ts'
import { createFromReport } from './from-report.ts'
import { KnownDifferences } from './known-differences.tsx'
import { OperationForms } from './operation-forms.tsx'
import { OutcomeMatrix, operationAnchor } from './outcome-matrix.tsx'

/** compare.json as a page: the whole first, then each operation. */
export function ReportPage({ report }: { readonly report: Report }) {
  const { settings, operations, measurement } = report
  const { word, sentence, notes } = renderVerdict(report)
  return (
    <>
      <header class="report-head">
        <h1>
          {report.runtimes.map(({ name }) => name).join(', ')}
          <span class={`badge ${word === 'PASS' ? 'is-good' : 'is-bad'}`}>{word}</span>
        </h1>
        <p class="headline">{sentence}</p>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        <p class="muted">
          {formatUtc(report.createdAt)} · {countOf(settings.rounds, 'round')} · compared with{' '}
          {report.reference} · {settings.machine.cpu}, {settings.machine.cores} cores,{' '}
          {settings.machine.platform}
        </p>
      </header>
      <Contents report={report} />
      <main>
        <FirstFindings report={report} />
        <section id="matrix" aria-labelledby="matrix-title">
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
            {operation.runtimes.every(({ outcome }) => outcome === 'unplayed') ? (
              <p class="muted">was not played before the run ended</p>
            ) : (
              <OperationComparison
                operation={createFromReport(report, operation)}
                heading="h3"
                {...(!settings.isPaired && { laneName: 'Group' })}
                isKnownElsewhere
                durationsOf={
                  settings.isPaired
                    ? "from the intended start to the last byte, by the driver's clock; parts inside the server by its own"
                    : 'of the server span, by the clock of its server'
                }
              />
            )}
            {operation.stepsLeftOut > 0 && (
              <p class="muted">
                {countOf(operation.stepsLeftOut, 'step')} more; compare.json has the whole traces
              </p>
            )}
            <OperationForms operation={operation} />
          </section>
        ))}
        <KnownDifferences report={report} />
        <ConventionsSection report={report} />
        <LastFindings report={report} />
        <p class="muted" id="measured">
          {countOf(measurement.requests, 'request')}, {measurement.lateRequests} of them sent too
          late to be timed
          {measurement.lag !== null && (
            <>; the driver's own lag p99 {renderMillis(measurement.lag.p99Millis)}</>
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
