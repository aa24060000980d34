import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { collectorStatus, tryTargets } from '../state/collector.ts'
import { countOf } from '../state/format.ts'
import { windows } from '../state/read-times.ts'
import { shownRun } from '../state/shown-run.ts'
import { Command, Empty } from './parts.tsx'
import { TryButton } from './try-button.tsx'

type NothingProps = {
  readonly what: 'traces' | 'log records' | 'requests'
  readonly view: 'overview' | 'traces' | 'compare' | 'logs'
  readonly parameters: Parameters
  /** The parameters that leave something out, without those of time. */
  readonly conditions: readonly string[]
  /** What the view shows without a parameter of time. */
  readonly window?: string
}

/** Stands in for an empty view: what is so, and what can be done about it. */
export function Nothing({ what, view, parameters, conditions, window = 'all' }: NothingProps) {
  const isNarrowed = conditions.some((name) => readParameter(parameters, name) !== '')
  const time = describeTime(parameters, window)
  const status = collectorStatus.value
  const stored = what === 'log records' ? status?.logRecords : status?.traces
  // Where nothing at all is stored, no condition is to blame.
  const isStored = shownRun.value !== '' || (stored ?? 1) > 0
  if (isStored && (isNarrowed || time !== ''))
    return (
      <Empty title={`No ${what}${time}${isNarrowed ? ' match' : ''}`}>
        {what === 'traces' && readParameter(parameters, 'where').includes(' ') && (
          <p>One span must fulfil all conditions. Two spans of a trace cannot share them.</p>
        )}
        <p class="beside">
          {time !== '' && (
            <a class="button" href={viewHref(view, anyTime(window), parameters)}>
              Any time
            </a>
          )}
          {isNarrowed && (
            <a class="button" href={viewHref(view)}>
              Show all {what}
            </a>
          )}
        </p>
      </Empty>
    )
  if (shownRun.value !== '')
    return (
      <Empty title={`This run has no ${what}`}>
        <a class="button" href={viewHref('runs')}>
          Choose another run
        </a>
      </Empty>
    )
  if (isStored && what === 'requests')
    return (
      <Empty title="No requests yet">
        <p>
          {countOf(stored ?? 0, 'trace')} came, without a span of kind server: only those are
          counted here.
        </p>
        <a class="button" href={viewHref('traces')}>
          Show all traces
        </a>
      </Empty>
    )
  const isCleared = (status?.emptied ?? 0) > 0
  return (
    <Empty title={isCleared ? `No ${what} since everything was cleared` : `No ${what} yet`}>
      <Advice />
    </Empty>
  )
}

/** ` in the last 15 min`; empty if all time is asked for. */
function describeTime(parameters: Parameters, window: string): string {
  const isBetween = ['start', 'end'].some((name) => readParameter(parameters, name) !== '')
  if (isBetween) return ' between these times'
  const chosen = readParameter(parameters, 'window') || window
  const found = windows.find(({ name }) => name === chosen)
  return found === undefined || found.millis === null ? '' : ` in the last ${found.text}`
}

function anyTime(window: string) {
  return { start: null, end: null, window: window === 'all' ? null : 'all' }
}

/** How to make a trace. */
function Advice() {
  const [first] = tryTargets.value?.services ?? []
  const origin = typeof location === 'undefined' ? '' : location.origin
  if (first === undefined)
    return (
      <>
        <p>
          Point an OpenTelemetry exporter here, <code>OTEL_EXPORTER_OTLP_ENDPOINT={origin}</code>,
          or send one span by hand:
        </p>
        <Command text={sampleSpan(origin)} />
      </>
    )
  return (
    <>
      <p>Send a request to a service:</p>
      <Command text={`curl -i ${first.url}${firstPath()}`} />
      <p class="beside">
        <span>or</span> <TryButton />
      </p>
    </>
  )
}

function firstPath(): string {
  const requests = tryTargets.value?.requests ?? []
  return requests.find((request) => request.startsWith('GET '))?.slice(4) ?? '/'
}

function sampleSpan(origin: string): string {
  const span =
    '{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"hello","kind":2,"startTimeUnixNano":"\'$(date +%s)\'000000000","endTimeUnixNano":"\'$(date +%s)\'005000000"}'
  return `curl ${origin}/v1/traces -H 'content-type: application/json' -d '{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}'`
}
