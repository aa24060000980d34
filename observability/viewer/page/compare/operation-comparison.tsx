import type { ComponentChildren } from 'preact'
import type { ComparedOperation } from './compared-operation.ts'
import { DifferenceList } from './difference-list.tsx'
import { Distribution } from './distribution.tsx'
import { LaneTable } from './steps/lane-table.tsx'
import { LogRows } from './steps/log-rows.tsx'
import { StepRows } from './steps/step-rows.tsx'

/**
 * One operation as several took it. The page's Compare view and the report are both this.
 *
 * @param durationsOf Whose durations these are and by which clock, in a few words.
 * @param laneName What a lane is, such as `Version`.
 * @param whereTimeGoes The time of each step over all traces; a report has only one trace of each lane.
 * @param isKnownElsewhere Whether what is known of the whole trace is listed elsewhere for all operations.
 * @param heading Level of the headings inside: one below that of the operation.
 */
export function OperationComparison({
  operation,
  durationsOf,
  laneName = 'Runtime',
  whereTimeGoes,
  isKnownElsewhere = false,
  heading: Heading,
}: {
  readonly operation: ComparedOperation
  readonly durationsOf: string
  readonly laneName?: string
  readonly whereTimeGoes?: ComponentChildren
  readonly isKnownElsewhere?: boolean
  readonly heading: 'h2' | 'h3'
}) {
  const general = operation.differences.filter(
    ({ step, reason }) => step === null && !(isKnownElsewhere && reason !== null),
  )
  return (
    <div class="comparison">
      <LaneTable operation={operation} durationsOf={durationsOf} laneName={laneName} />
      <Distribution lanes={operation.lanes} heading={Heading} />
      {whereTimeGoes}
      <section>
        <Heading class="part-title">Steps, laid over each other</Heading>
        <StepRows operation={operation} />
      </section>
      {general.length > 0 && (
        <section>
          <Heading class="part-title">Whole trace and answer</Heading>
          <DifferenceList differences={general} lanes={operation.lanes} shownMax={50} />
        </section>
      )}
      <LogRows logs={operation.logs} lanes={operation.lanes} heading={Heading} />
    </div>
  )
}
