import { useEffect, useRef } from 'preact/hooks'
import { Banners } from './chrome/banners.tsx'
import { Footer, Header } from './chrome/header.tsx'
import { later } from './chrome/later.tsx'
import { Empty } from './chrome/parts.tsx'
import { areShortcutsShown, ShortcutsDialog } from './chrome/shortcuts-dialog.tsx'
import { OverviewView } from './overview/overview-view.tsx'
import type { Address } from './state/address.ts'
import { pageTitle } from './state/collector.ts'
import { watchDrops } from './state/import-file.ts'
import { address } from './state/navigate.ts'
import { readShortcut } from './state/read-shortcut.ts'
import { TracesView } from './traces/traces-view.tsx'

// Most visits begin with a list or with the overview.
const CompareView = later(async () => (await import('./compare/compare-view.tsx')).CompareView)
const TraceView = later(async () => (await import('./trace/trace-view.tsx')).TraceView)
const LogsView = later(async () => (await import('./logs/logs-view.tsx')).LogsView)
const MetricsView = later(async () => (await import('./metrics/metrics-view.tsx')).MetricsView)
const RunsView = later(async () => (await import('./runs/runs-view.tsx')).RunsView)
const laterViews = [TraceView, LogsView, CompareView, MetricsView, RunsView]

/** They are fetched once the page has nothing better to do: by the time they are wanted the collector may have gone. */
const prefetchMillis = 1_500

const titles: Readonly<Record<Address['view'], string>> = {
  overview: 'Overview',
  traces: 'Traces',
  trace: 'Trace',
  compare: 'Compare',
  logs: 'Logs',
  metrics: 'Metrics',
  runs: 'Runs',
  unknown: 'Nothing here',
}

/** The whole page: header, the view that the address names, and notices. */
export function App() {
  const now = address.value
  const place = now.view === 'trace' ? `trace ${now.traceId}` : now.view
  const title = pageTitle.value
  const content = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  useEffect(() => {
    addEventListener('keydown', onPageKey)
    const stopDrops = watchDrops()
    return () => {
      removeEventListener('keydown', onPageKey)
      stopDrops()
    }
  }, [])
  useEffect(() => {
    // One after another: the collector is asked for other things meanwhile.
    const fetchAll = async () => {
      for (const view of laterViews) await view.fetch()
    }
    const timer = setTimeout(() => void fetchAll(), prefetchMillis)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    // After a link, screen readers announce the new view as after loading a page.
    if (!isFirst.current) content.current?.focus({ preventScroll: true })
    isFirst.current = false
  }, [place])
  useEffect(() => {
    // Several traces in tabs or in the history can be told apart.
    const id = now.view === 'trace' ? ` ${now.traceId.slice(0, 8)}` : ''
    document.title = `${titles[now.view]}${id}${title === '' ? '' : ` · ${title}`}`
  }, [place, title])
  return (
    <>
      <Header />
      <Banners />
      <main id="content" ref={content} tabIndex={-1} aria-label={titles[now.view]}>
        <View address={now} />
      </main>
      <Footer />
      <ShortcutsDialog />
    </>
  )
}

function onPageKey(event: KeyboardEvent): void {
  const action = readShortcut('page', event)
  if (action === 'help') areShortcutsShown.value = true
  if (action !== 'find') return
  const box = document.querySelector<HTMLInputElement>('[data-find]')
  if (box === null) return
  event.preventDefault()
  box.focus()
}

function View({ address: now }: { readonly address: Address }) {
  switch (now.view) {
    case 'overview':
      return <OverviewView parameters={now.parameters} />
    case 'logs':
      return <LogsView parameters={now.parameters} />
    case 'runs':
      return <RunsView />
    case 'metrics':
      return <MetricsView />
    case 'traces':
      return <TracesView parameters={now.parameters} />
    case 'trace':
      return <TraceView traceId={now.traceId} parameters={now.parameters} />
    case 'compare':
      return <CompareView parameters={now.parameters} />
    case 'unknown':
      return (
        <section class="view">
          <Empty title="Nothing is here" isView>
            <p>
              <code>{now.path}</code> is no address of this page.
            </p>
            <p>
              <a class="button" href="/">
                Go to the overview
              </a>
            </p>
          </Empty>
        </section>
      )
  }
}
