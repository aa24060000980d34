import { viewHref } from '../state/address.ts'
import { connection } from '../state/asking/connection.ts'
import { paused } from '../state/asking/poll.ts'
import { collectorStatus, pageTitle } from '../state/collector.ts'
import { countOf, timeZone } from '../state/format.ts'
import { address } from '../state/navigate.ts'
import { ClearButton } from './clear-button.tsx'
import { areShortcutsShown } from './shortcuts-dialog.tsx'
import { ThemeButton } from './theme-button.tsx'
import { TryButton } from './try-button.tsx'

const tabs = [
  { view: 'overview', text: 'Overview' },
  { view: 'traces', text: 'Traces' },
  { view: 'compare', text: 'Compare' },
  { view: 'logs', text: 'Logs' },
  { view: 'metrics', text: 'Metrics' },
  { view: 'runs', text: 'Runs' },
] as const

/** The title and the links to all views. */
export function Header() {
  const shown = address.value.view === 'trace' ? 'traces' : address.value.view
  return (
    <header class="page-header">
      <a class="skip" href="#content">
        Skip to content
      </a>
      <a class="brand" href="/" aria-label={`${pageTitle.value}: overview`}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <rect x="1" y="2" width="14" height="3" rx="1.5" class="b1" />
          <rect x="4" y="6.5" width="8" height="3" rx="1.5" class="b2" />
          <rect x="7.5" y="11" width="6.5" height="3" rx="1.5" class="b3" />
        </svg>
        <span>{pageTitle.value}</span>
      </a>
      <nav aria-label="Views">
        {tabs.map(({ view, text }) => (
          <a key={view} href={viewHref(view)} aria-current={shown === view ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </nav>
      <div class="header-end">
        <TryButton />
        <LiveButton />
        <ThemeButton />
      </div>
    </header>
  )
}

function LiveButton() {
  const isLost = connection.value.state === 'lost'
  const isPaused = paused.value
  const text = isPaused ? 'Paused' : isLost ? 'No answer' : 'Live'
  return (
    <button
      type="button"
      class={`live ${isPaused ? 'is-paused' : isLost ? 'is-lost' : 'is-live'}`}
      title={isPaused ? 'Go on updating' : 'Stop updating'}
      onClick={() => {
        paused.value = !isPaused
      }}
    >
      <i class="dot" aria-hidden="true" />
      {text}
    </button>
  )
}

/** The collector's stored amounts, at the foot of every view. */
export function Footer() {
  const status = collectorStatus.value
  if (status === undefined) return <footer class="page-footer" />
  const evicted =
    status.evictedTraces > 0
      ? `, ${countOf(status.evictedTraces, 'older trace')} dropped to make room`
      : ''
  return (
    <footer class="page-footer">
      <span>
        {countOf(status.traces, 'trace')}, {countOf(status.spans, 'span')},{' '}
        {countOf(status.logRecords, 'log record')} held in memory{evicted} <ClearButton />
      </span>
      <span>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            areShortcutsShown.value = true
          }}
        >
          Keys: ?
        </button>{' '}
        times in {timeZone} · collector {status.version} · <a href="/metrics">/metrics</a> ·{' '}
        <a href="/api/status">/api/status</a> · <a href="/api/openapi.json">API</a>
      </span>
    </footer>
  )
}
