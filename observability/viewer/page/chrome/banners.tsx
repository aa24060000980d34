import { viewHref } from '../state/address.ts'
import { connection } from '../state/asking/connection.ts'
import { restartedMillis } from '../state/collector.ts'
import { formatSecond } from '../state/format.ts'
import { importNote } from '../state/import-file.ts'
import { address } from '../state/navigate.ts'
import { shownRun } from '../state/shown-run.ts'

/** Tells a failure, and that the page is trying again. */
export function Banners() {
  const lost = connection.value
  const restarted = restartedMillis.value
  return (
    <div class="banners" role="status">
      {shownRun.value !== '' && (
        <p class="banner">
          This is the run <code>{shownRun.value}</code>, not what comes in now.{' '}
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
      {importNote.value !== '' && <p class="banner">{importNote.value}</p>}
      {lost.state === 'lost' && (
        <p class="banner is-bad">
          The collector has not answered since {formatSecond(lost.sinceMillis, Date.now())}. What is
          shown is what it said last; this page keeps asking.
        </p>
      )}
      {lost.state === 'connected' && restarted !== undefined && (
        <p class="banner">
          The collector was started again at {formatSecond(restarted, Date.now())}; it keeps traces
          in memory, so what it held before has gone.
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
