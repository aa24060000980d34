import { useSignal } from '@preact/signals'
import { clearTelemetry } from '../state/clear-telemetry.ts'
import { collectorStatus } from '../state/collector.ts'
import { countOf } from '../state/format.ts'
import { shownRun } from '../state/shown-run.ts'
import { Dialog } from './dialog.tsx'

/** Clears what came in, after a question. Absent where there is nothing, and in a run of earlier. */
export function ClearButton() {
  const isAsking = useSignal(false)
  const status = collectorStatus.value
  const isEmpty = status === undefined || status.traces + status.logRecords === 0
  const close = () => {
    isAsking.value = false
  }
  return (
    <>
      {!isEmpty && shownRun.value === '' && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            isAsking.value = true
          }}
        >
          Clear…
        </button>
      )}
      {isAsking.value && status !== undefined && (
        <Dialog title="Clear everything?" onClose={close}>
          <p>
            {countOf(status.traces, 'trace')} and {countOf(status.logRecords, 'log record')} go, in
            memory and on disk. Other runs stay, and so do metrics. You can undo it for some
            seconds.
          </p>
          <p class="dialog-actions">
            <button type="button" onClick={close}>
              Keep
            </button>
            <button
              type="button"
              class="primary"
              onClick={() => {
                close()
                void clearTelemetry()
              }}
            >
              Clear
            </button>
          </p>
        </Dialog>
      )}
    </>
  )
}
