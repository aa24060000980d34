import { parseLogsJson } from '../../../otlp/decode-json.ts'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { ServiceName } from '../chrome/service-name.tsx'
import { traceHref, viewHref } from '../state/address.ts'
import { ask } from '../state/asking/ask.ts'
import { usePolled } from '../state/asking/use-polled.ts'
import { formatMoment, formatPrecise } from '../state/format.ts'
import { AttributeTable } from '../trace/details/attribute-table.tsx'
import { renderAttributeText } from '../trace/details/attribute-text.ts'
import { LogBody } from '../trace/details/log-body.tsx'
import { LongText } from '../trace/details/long-text.tsx'
import { ResourceAndScope } from '../trace/details/resource-and-scope.tsx'
import type { LogLine } from './log-page.ts'

/** What a record is called: its body, or else its event. */
export function readLogTitle({ body, eventName }: LogLine): string {
  return renderAttributeText(body) || eventName || '(empty)'
}

/** Before and after a record, in its list of neighbours. */
const aroundNanos = 30_000_000_000n

/** All that a log record of the list says, and where it leads. */
export function LogLineDetails({
  line,
  onClose,
}: {
  readonly line: LogLine
  readonly onClose: () => void
}) {
  const around = {
    start: String(line.timeNanos - aroundNanos),
    end: String(line.timeNanos + aroundNanos),
    record: line.id,
  }
  return (
    <aside class="trace-details" aria-label="Log record" tabIndex={0}>
      <div class="details">
        <h2>
          <LongText text={readLogTitle(line)} />
        </h2>
        <Facts line={line} />
        <div class="trace-actions is-start">
          {line.traceId !== null && (
            <>
              <a class="button primary" href={traceHref(line.traceId, { span: line.spanId })}>
                Show its trace
              </a>
              <a class="button" href={viewHref('logs', { traceId: line.traceId })}>
                Records of this trace
              </a>
            </>
          )}
          <a class="button" href={viewHref('logs', around)}>
            Records around it
          </a>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
        <LogBody body={line.body} />
        <h3>Attributes</h3>
        <AttributeTable label="Attributes" attributes={line.attributes} />
        <Origin key={line.id} id={line.id} />
      </div>
    </aside>
  )
}

function Facts({ line }: { readonly line: LogLine }) {
  return (
    <dl class="facts">
      <dt>Severity</dt>
      <dd>
        <span class={`severity is-${line.severity ?? 'none'}`}>{line.severity ?? '–'}</span>
      </dd>
      <dt>Event</dt>
      <dd>{line.eventName ?? '–'}</dd>
      <dt>Time</dt>
      <dd>
        {formatMoment(line.timeNanos, Date.now())}{' '}
        <span class="muted">{formatPrecise(line.timeNanos)}</span>
      </dd>
      <dt>Service</dt>
      <dd>
        <ServiceName name={line.service} />
      </dd>
      <dt>Runtime</dt>
      <dd>
        <RuntimeName name={line.runtime === line.service ? null : line.runtime} />
      </dd>
      <dt>Trace</dt>
      <dd>
        <code>{line.traceId ?? '–'}</code>
      </dd>
      <dt>Span</dt>
      <dd>
        <code>{line.spanId ?? '–'}</code>
      </dd>
    </dl>
  )
}

const againMillis = 3_600_000

/** The list does not have these: the same resource stands on many records. */
function Origin({ id }: { readonly id: string }) {
  const polled = usePolled(
    id,
    (signal) => ask(`/api/logs/${encodeURIComponent(id)}`, (text) => parseLogsJson(text), signal),
    againMillis,
  )
  const group = polled.value.value?.[0]
  const scope = group?.scopes[0]?.scope
  if (group === undefined || scope === undefined) return null
  return <ResourceAndScope resource={group.resource} scope={scope} />
}
