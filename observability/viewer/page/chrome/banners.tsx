import { viewHref } from '../state/address.ts'
import { connection } from '../state/asking/connection.ts'
import { clearedNote, undoClearing } from '../state/clear-telemetry.ts'
import { restartedMillis } from '../state/collector.ts'
import { formatSecond } from '../state/format.ts'
import { importNote } from '../state/import-file.ts'
import { address } from '../state/navigate.ts'
import { shownRun } from '../state/shown-run.ts'

/** Tells a failure, and that the page is trying again. */
export function Banners() {
  const lost = connection.value
  const restarted = restartedMillis.value
  const cleared = clearedNote.value
  return (
    <div class="banners" role="status">
      {shownRun.value !== '' && (
        <p class="banner">
          {address.value.view === 'metrics'
            ? 'Runs keep no metrics. These are what services send now.'
            : `This is the run ${shownRun.value}, not what comes in now.`}{' '}
          <a
            href={viewHref(
              address.value.view === 'unknown' || address.value.view === 'trace'
                ? 'overview'
                : address.value.view,
              { run: null },
            )}
          >
            Back to what comes in now
          </a>
        </p>
      )}
      {cleared !== undefined && lost.state !== 'lost' && (
        <p class="banner">
          {cleared.text}
          {cleared.undo !== undefined && (
            <button type="button" onClick={() => void undoClearing(cleared.undo ?? '')}>
              Undo
            </button>
          )}
        </p>
      )}
      {importNote.value !== '' && <p class="banner">{importNote.value}</p>}
      {lost.state === 'lost' && (
        <p class="banner is-bad">
          The collector has not answered since {formatSecond(lost.sinceMillis, Date.now())}. This
          page keeps asking, and shows what it knew by then.
        </p>
      )}
      {lost.state === 'connected' && restarted !== undefined && (
        <p class="banner">
          The collector was started again at {formatSecond(restarted, Date.now())}. What came before
          is in <a href={viewHref('runs', { run: null })}>Runs</a>, if it keeps any.
          <button
            type="button"
            class="quiet"
            onClick={() => {
              restartedMillis.value = undefined
            }}
          >
            Close
          </button>
        </p>
      )}
    </div>
  )
}
