import {
  clockMarks,
  readClockTrust,
  renderClockMillis,
  renderMillis,
} from '../../../../comparison/trace/clock-trust.ts'
import { renderSpanKind } from '../../../../comparison/trace/role.ts'
import type { SpanNode } from '../../../../comparison/trace/trace-tree.ts'
import { type Span, StatusCode } from '../../../../otlp/model.ts'
import { isPlausibleTime } from '../../../../otlp/shared/plausible-time.ts'
import { readServiceName } from '../../../../otlp/shared/read-runtime-name.ts'
import { FirstOf } from '../../chrome/first-of.tsx'
import { CopyButton } from '../../chrome/parts.tsx'
import { ServiceName } from '../../chrome/service-name.tsx'
import { traceHref } from '../../state/address.ts'
import { countOf, formatMoment, formatPrecise } from '../../state/format.ts'
import { readSpanMillis } from '../held-trace.ts'
import { partNames, readSegments } from '../segments.ts'
import { describeImpossibleTime } from '../waterfall/impossible-time.ts'
import { AttributeTable } from './attribute-table.tsx'
import { LogSummary } from './log-details.tsx'
import { ResourceAndScope } from './resource-and-scope.tsx'

const attachments: Readonly<Record<SpanNode['attachment'], string>> = {
  child: '',
  root: '',
  driver: '',
  orphan: 'Its parent has not arrived.',
  cycle: 'Its ancestors lead back to itself.',
}

/** All that a span says. */
export function SpanDetails({
  node,
  parent,
  attempts,
  startNanos,
}: {
  readonly node: SpanNode
  /** `undefined` at the top. */
  readonly parent: SpanNode | undefined
  /** The trace's attempts to connect to a database. */
  readonly attempts: readonly Span[]
  readonly startNanos: bigint
}) {
  const { span, resource, scope, logs } = node
  const { droppedEventsCount, droppedLinksCount } = span
  const clock = readClockTrust(resource.attributes)
  const millis = readSpanMillis(span)
  const impossible = describeImpossibleTime(span)
  const segments = readSegments(span, attempts)
  const status =
    span.status.code === StatusCode.error
      ? 'ERROR'
      : span.status.code === StatusCode.ok
        ? 'OK'
        : 'UNSET'
  return (
    <div class="details">
      <h2 title={span.name}>{span.name || '(no name)'}</h2>
      <dl class="facts">
        <dt>Service</dt>
        <dd>
          <ServiceName name={readServiceName(resource.attributes)} />
        </dd>
        <dt>Kind</dt>
        <dd>{renderSpanKind(span.kind)}</dd>
        <dt>Status</dt>
        <dd class={status === 'ERROR' ? 'is-bad' : ''}>
          {status}
          {span.status.message !== '' && `: ${span.status.message}`}
        </dd>
        <dt>Started</dt>
        <dd title={formatPrecise(span.startNanos)}>
          {formatMoment(span.startNanos, Date.now())}
          {isPlausibleTime(span.startNanos) &&
            `, ${renderMillis(Number(span.startNanos - startNanos) / 1e6)} into the trace`}
        </dd>
        <dt>Took</dt>
        <dd title={`${millis} ms`}>
          {impossible === undefined
            ? renderClockMillis(millis, clock)
            : `cannot be: it ${impossible}`}
          {segments.length > 1 && (
            <span class="muted">
              {' '}
              (
              {segments
                .map(
                  ({ part, ...at }) =>
                    `${partNames[part]} ${renderMillis(Number(at.endNanos - at.startNanos) / 1e6)}`,
                )
                .join(', ')}
              )
            </span>
          )}
          {clockMarks[clock].mark !== '' && (
            <span class="muted"> by {clockMarks[clock].meaning}</span>
          )}
        </dd>
        <dt>Span id</dt>
        <dd>
          <code>{span.spanId || '–'}</code> <CopyButton text={span.spanId} label="Copy" />
        </dd>
      </dl>
      {attachments[node.attachment] !== '' && <p class="note">{attachments[node.attachment]}</p>}
      {node.duplicate && <p class="note">Another span of this trace has the same id.</p>}
      {describeSkew(node, parent).map((sentence) => (
        <p key={sentence} class="note">
          {sentence}
        </p>
      ))}
      <h3>Attributes</h3>
      <AttributeTable
        label="Attributes"
        attributes={span.attributes}
        dropped={span.droppedAttributesCount}
      />
      {span.attributes.length === 0 && <p class="muted">none</p>}
      {span.events.length + droppedEventsCount > 0 && <h3>Events</h3>}
      <FirstOf
        items={span.events}
        noun="event"
        renderItem={(event, index) => (
          // Events have no id, and their order is that of the span.
          <section class="event" key={index}>
            <h4>
              {event.name}{' '}
              <span class="muted" title={formatPrecise(event.timeNanos)}>
                after {renderMillis(Number(event.timeNanos - span.startNanos) / 1e6)}
              </span>
            </h4>
            <AttributeTable
              label={`Attributes of ${event.name}`}
              attributes={event.attributes}
              dropped={event.droppedAttributesCount}
            />
          </section>
        )}
      />
      <Dropped count={droppedEventsCount} noun="event" />
      {span.links.length + droppedLinksCount > 0 && <h3>Links</h3>}
      <FirstOf
        items={span.links}
        noun="link"
        renderItem={(link, index) => (
          <section class="event" key={index}>
            <a href={traceHref(link.traceId, { span: link.spanId })}>
              trace <code>{link.traceId}</code>, span <code>{link.spanId}</code>
            </a>
            <AttributeTable
              label="Attributes of the link"
              attributes={link.attributes}
              dropped={link.droppedAttributesCount}
            />
          </section>
        )}
      />
      <Dropped count={droppedLinksCount} noun="link" />
      {logs.length > 0 && <h3>Log records</h3>}
      <FirstOf
        items={logs}
        noun="record"
        renderItem={(entry, index) => <LogSummary entry={entry} key={index} />}
      />
      <ResourceAndScope resource={resource} scope={scope} />
    </div>
  )
}

/**
 * Times that only disagreeing clocks, or one that was set back, can explain. The waterfall shows the times unchanged:
 * to move them would be to guess.
 */
function describeSkew({ span }: SpanNode, parent: SpanNode | undefined): readonly string[] {
  const early = parent === undefined ? 0n : parent.span.startNanos - span.startNanos
  const isEarly = early > 0n && isPlausibleTime(span.startNanos)
  const backwards = span.startNanos - span.endNanos
  return [
    ...(isEarly
      ? [`It begins ${renderNanos(early)} before its parent: two clocks that do not agree.`]
      : []),
    ...(backwards > 0n && span.endNanos !== 0n
      ? [`It ends ${renderNanos(backwards)} before it begins: a clock was set back.`]
      : []),
  ]
}

function renderNanos(nanos: bigint): string {
  return renderMillis(Number(nanos) / 1e6)
}

function Dropped({ count, noun }: { readonly count: number; readonly noun: string }) {
  if (count === 0) return null
  return <p class="muted">{countOf(count, noun)} dropped by the sender</p>
}
