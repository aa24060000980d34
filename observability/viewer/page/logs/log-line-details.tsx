import { parseLogsJson } from '../../../otlp/decode-json.ts'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { traceHref, viewHref } from '../state/address.ts'
import type { LogLine } from '../state/answers.ts'
import { formatMoment, formatPrecise } from '../state/format.ts'
import { AttributeTable } from '../trace/attribute-table.tsx'
import { LongText } from '../trace/long-text.tsx'

/** All that a log record of the list says, and where it leads. */
export function LogLineDetails({
  line,
  onClose,
}: {
  readonly line: LogLine
  readonly onClose: () => void
}) {
  return (
    <aside class="trace-details" aria-label="Log record" tabIndex={0}>
      <div class="details">
        <h2>
          <LongText text={line.body || line.eventName || '(empty)'} />
        </h2>
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
          <dt>Runtime</dt>
          <dd>
            <RuntimeName name={line.runtime ?? line.service} />
          </dd>
        </dl>
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
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
        <h3>Attributes</h3>
        <AttributeTable label="Attributes" attributes={readAttributes(line)} />
      </div>
    </aside>
  )
}

/** The answer has them as OTLP/JSON has them, so OTLP's own reader tells their types. */
function readAttributes({ attributes }: LogLine) {
  try {
    const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] }
    return parseLogsJson(JSON.stringify(request))[0]?.scopes[0]?.items[0]?.attributes ?? []
  } catch {
    return []
  }
}
