import { tryTargets } from '../state/collector.ts'
import { runtimeNames } from '../state/source-names.ts'
import { Command, Empty } from './parts.tsx'
import { TryButton } from './try-button.tsx'

/** A command that makes a trace, while nothing has arrived. */
export function NoTraces({ what }: { readonly what: string }) {
  const [first] = tryTargets.value?.services ?? []
  const origin = typeof location === 'undefined' ? '' : location.origin
  return (
    <Empty title={`No ${what} yet`}>
      {first === undefined ? (
        <>
          <p>
            Point any OpenTelemetry exporter here, <code>OTEL_EXPORTER_OTLP_ENDPOINT={origin}</code>
            , or send one span by hand:
          </p>
          <Command text={sampleSpan(origin)} />
        </>
      ) : (
        <>
          <p>Ask a service something, and see what it leaves behind:</p>
          <Command text={`curl -i ${first.url}${firstPath()}`} />
          <p class="beside">
            <span>or</span> <TryButton />
          </p>
        </>
      )}
      {runtimeNames.value.length > 0 && <p class="muted">This page looks again every 2 s.</p>}
    </Empty>
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
