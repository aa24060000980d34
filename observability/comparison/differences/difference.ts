import { escapeControls } from '../../plumbing/escape-controls.ts'
import { renderPath } from '../trace/align-traces.ts'
import { cutText } from '../trace/attribute-value.ts'

type AttributeChange = 'missing' | 'extra' | 'type' | 'value'

/**
 * The kinds of differences. The part before the first dot says where: the span tree, a span's attributes, its events,
 * the resource, the log records, the HTTP answer; `trace.*` and `operation.*` if there is nothing to compare.
 */
export type DifferenceKind =
  | `operation.${'missing' | 'extra'}`
  | `trace.${'missing' | 'extra'}`
  | `span.${'missing' | 'extra' | 'order' | 'name' | 'kind' | 'status' | 'parent' | 'duplicate'}`
  | `event.${'missing' | 'extra'}`
  | `log.${'missing' | 'extra' | 'severity' | 'body' | 'event-name' | 'link'}`
  | `${'' | 'event.' | 'resource.' | 'log.'}attribute.${AttributeChange}`
  | `answer.${'missing' | 'extra' | 'unexpected' | 'status'}`
  | `answer.header.${'missing' | 'extra' | 'value'}`
  | `answer.body.${AttributeChange}`

/** One way in which a runtime did not do what the reference runtime did. Plain data, ready for JSON. */
export type Difference = Finding & {
  readonly operation: string
  readonly runtime: string
  /** The step it is on; empty for what concerns the whole trace or the answer. */
  readonly path: readonly string[]
  /** Absent where only one pair was compared. */
  readonly occurrences?: Occurrences
}

/** How often a difference occurred among the repetitions of an operation. */
export type Occurrences = {
  /** 0 for something that only the reference does now and then. */
  readonly count: number
  readonly of: number
  /** How often the reference itself differs from its usual self in this way. */
  readonly referenceCount: number
  readonly referenceOf: number
}

/** A difference before it is known where it was found. */
export type Finding = {
  readonly kind: DifferenceKind
  /**
   * The differing thing: an attribute's key, an event's or a record's name, a header's name, a JSON pointer into a
   * body, a span's role. `exception: exception.type` is an attribute of an event or of a log record.
   */
  readonly subject: string
  /** The reference's value with its type, for a reader; `null` if it has no value. */
  readonly expected: string | null
  readonly actual: string | null
}

/**
 * A difference on one line, such as
 * `update, deno: PUT /todos/:id: attribute http.response.status_code is of another type: expected int 200, got string "200"`.
 *
 * Control characters and marks that turn the direction of writing are shown escaped: names
 * and values come from the network and must not move the cursor of a terminal.
 */
export function renderDifference(difference: Difference): string {
  const { operation, runtime, path, kind, subject, expected, actual } = difference
  const where = path.length > 0 ? `: ${renderPath(path)}` : ''
  // A function, because a replacement string would give `$` in a subject a meaning.
  const what = phrases[kind].replace('{}', () => subject || 'the top')
  const expectation = expected === null ? '' : `expected ${cutText(expected)}`
  const got = actual === null ? '' : `got ${cutText(actual)}`
  const detail = [expectation, got].filter((part) => part !== '').join(', ')
  const often = renderOccurrences(difference.occurrences)
  const line = `${operation}, ${runtime}${where}: ${what}${detail === '' ? '' : `: ${detail}`}${often}`
  return escapeControls(line)
}

/** ` (3 of 50)`; empty if it always occurs, and never on the reference. */
function renderOccurrences(occurrences: Occurrences | undefined): string {
  if (occurrences === undefined) return ''
  const { count, of, referenceCount, referenceOf } = occurrences
  if (count === of && referenceCount === 0) return ''
  const reference =
    referenceCount === 0 ? '' : `; on the reference ${referenceCount} of ${referenceOf}`
  return ` (${count} of ${of}${reference})`
}

const phrases: Readonly<Record<DifferenceKind, string>> = {
  'operation.missing': 'was not played',
  'operation.extra': 'was not played on the reference',
  'trace.missing': 'no trace arrived',
  'trace.extra': 'a trace arrived, but none from the reference',
  'span.missing': 'span is missing',
  'span.extra': 'span is extra',
  'span.order': 'spans are in another order',
  'span.name': 'span has another name',
  'span.kind': 'span is of another kind',
  'span.status': 'span has another status',
  'span.parent': 'span hangs elsewhere',
  'span.duplicate': 'span id came another number of times',
  'attribute.missing': 'attribute {} is missing',
  'attribute.extra': 'attribute {} is extra',
  'attribute.type': 'attribute {} is of another type',
  'attribute.value': 'attribute {} has another value',
  'event.missing': 'event {} is missing',
  'event.extra': 'event {} is extra',
  'event.attribute.missing': 'event attribute {} is missing',
  'event.attribute.extra': 'event attribute {} is extra',
  'event.attribute.type': 'event attribute {} is of another type',
  'event.attribute.value': 'event attribute {} has another value',
  'resource.attribute.missing': 'resource attribute {} is missing',
  'resource.attribute.extra': 'resource attribute {} is extra',
  'resource.attribute.type': 'resource attribute {} is of another type',
  'resource.attribute.value': 'resource attribute {} has another value',
  'log.missing': 'log record {} is missing',
  'log.extra': 'log record {} is extra',
  'log.severity': 'log record {} has another severity',
  'log.body': 'log record {} has another body',
  'log.event-name': 'log record {} has another event name',
  'log.link': 'log record {} is linked elsewhere',
  'log.attribute.missing': 'log attribute {} is missing',
  'log.attribute.extra': 'log attribute {} is extra',
  'log.attribute.type': 'log attribute {} is of another type',
  'log.attribute.value': 'log attribute {} has another value',
  'answer.missing': 'no answer came',
  'answer.extra': 'an answer came, but none from the reference',
  'answer.unexpected': 'answer is not what the scenario expects',
  'answer.status': 'answer has another status',
  'answer.header.missing': 'answer header {} is missing',
  'answer.header.extra': 'answer header {} is extra',
  'answer.header.value': 'answer header {} has another value',
  'answer.body.missing': 'answer body lacks {}',
  'answer.body.extra': 'answer body has {} besides',
  'answer.body.type': 'answer body at {} is of another type',
  'answer.body.value': 'answer body at {} has another value',
}

/** Every kind there is. */
export const differenceKinds: readonly string[] = Object.keys(phrases)
