import type { ComparedOperation } from './compared-operation.ts'
import { DifferenceList } from './difference-list.tsx'
import { Distribution } from './distribution.tsx'
import { LaneTable } from './lane-table.tsx'
import { LogRows } from './log-rows.tsx'
import { StepRows } from './step-rows.tsx'

/**
 * One operation as several took it. The page's Compare view and the report are both this.
 *
 * @param durationsOf Whose durations these are and by which clock, in a few words.
 */
export function OperationComparison({
  operation,
  durationsOf,
}: {
  readonly operation: ComparedOperation
  readonly durationsOf: string
}) {
  const general = operation.differences.filter(({ step }) => step === null)
  return (
    <div class="comparison">
      <LaneTable operation={operation} durationsOf={durationsOf} />
      <Distribution lanes={operation.lanes} />
      <section>
        <h3>Steps, laid over each other</h3>
        <StepRows operation={operation} />
      </section>
      {general.length > 0 && (
        <section>
          <h3>Whole trace and answer</h3>
          <DifferenceList differences={general} shownMax={50} />
        </section>
      )}
      <LogRows logs={operation.logs} lanes={operation.lanes} />
    </div>
  )
}
