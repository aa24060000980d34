import type { LogEntry } from '../../../../comparison/trace/trace-tree.ts'
import { readServiceName } from '../../../../otlp/shared/read-runtime-name.ts'
import { ServiceName } from '../../chrome/service-name.tsx'
import { formatMoment, formatPrecise } from '../../state/format.ts'
import { readLogNanos } from '../waterfall/waterfall-rows.ts'
import { AttributeTable } from './attribute-table.tsx'
import { renderAttributeText } from './attribute-text.ts'
import { LogBody } from './log-body.tsx'
import { LongText } from './long-text.tsx'
import { ResourceAndScope } from './resource-and-scope.tsx'

/** A log record among the details of its span. */
export function LogSummary({ entry }: { readonly entry: LogEntry }) {
  const { record } = entry
  return (
    <section class="event">
      <h4>
        <Severity entry={entry} /> <LongText text={renderAttributeText(record.body)} />{' '}
        <span class="muted" title={formatPrecise(readLogNanos(entry))}>
          {formatMoment(readLogNanos(entry), Date.now())}
        </span>
      </h4>
      <AttributeTable label="Attributes of the log record" attributes={record.attributes} />
    </section>
  )
}

/** The level as a coloured word; the sender's own word if it gave no number. */
export function Severity({ entry: { record } }: { readonly entry: LogEntry }) {
  const levels = ['', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']
  const level = levels[Math.ceil(record.severityNumber / 4)] ?? ''
  const text = level || record.severityText.toLowerCase() || 'log'
  return <span class={`severity is-${level || 'none'}`}>{text}</span>
}

/** All that a log record says. */
export function LogDetails({ entry }: { readonly entry: LogEntry }) {
  const { record, resource } = entry
  return (
    <div class="details">
      <h2>
        <LongText text={renderAttributeText(record.body) || record.eventName || '(empty)'} />
      </h2>
      <dl class="facts">
        <dt>Severity</dt>
        <dd>
          <Severity entry={entry} /> <span class="muted">{record.severityNumber}</span>
        </dd>
        <dt>Service</dt>
        <dd>
          <ServiceName name={readServiceName(resource.attributes)} />
        </dd>
        <dt>Event</dt>
        <dd>{record.eventName || '–'}</dd>
        <dt>Time</dt>
        <dd title={formatPrecise(readLogNanos(entry))}>
          {formatMoment(readLogNanos(entry), Date.now())}
        </dd>
      </dl>
      <LogBody body={record.body} />
      {entry.link !== 'span' && <p class="note">It names no span of this trace.</p>}
      <h3>Attributes</h3>
      <AttributeTable
        label="Attributes"
        attributes={record.attributes}
        dropped={record.droppedAttributesCount}
      />
      <ResourceAndScope resource={resource} scope={entry.scope} />
    </div>
  )
}
