import { type SpanEvent, StatusCode } from '../../otlp/model.ts'
import { renderSpanKind } from '../trace/role.ts'
import type { SpanNode } from '../trace/trace-tree.ts'
import { compareAttributes, toFinding } from './compare-attributes.ts'
import type { Finding } from './difference.ts'
import type { VolatileRule } from './volatile-rules.ts'

/**
 * Compares two spans that did the same: name, kind, status code, position in the tree, attributes, events. Not their
 * times, and nothing below them.
 *
 * The status message is left out: its wording is the failing library's, and the code already tells the failure.
 */
export function compareSpans(
  expected: SpanNode,
  actual: SpanNode,
  at: { readonly label: string; readonly path: string; readonly rules: readonly VolatileRule[] },
): readonly Finding[] {
  const { label, path, rules } = at
  const was = expected.span
  const is = actual.span
  const changes = compareAttributes(was.attributes, is.attributes, { on: 'span', path, rules })
  return [
    ...compareTexts('span.name', label, was.name, is.name),
    ...compareTexts('span.kind', label, renderSpanKind(was.kind), renderSpanKind(is.kind)),
    ...compareTexts(
      'span.status',
      label,
      renderStatus(was.status.code),
      renderStatus(is.status.code),
    ),
    ...compareTexts('span.parent', label, expected.attachment, actual.attachment),
    ...compareTexts('span.duplicate', label, renderDouble(expected), renderDouble(actual)),
    ...changes.map((change) => toFinding('', change)),
    ...compareEvents(was.events, is.events, path, rules),
  ]
}

/**
 * Compares events by name: their number, and the attributes of the n-th with the n-th. A difference that all events of
 * a name share is reported once.
 */
function compareEvents(
  expected: readonly SpanEvent[],
  actual: readonly SpanEvent[],
  path: string,
  rules: readonly VolatileRule[],
): readonly Finding[] {
  const expectedByName = groupByName(expected)
  const actualByName = groupByName(actual)
  const findings = new Map<string, Finding>()
  function add(finding: Finding): void {
    findings.set(JSON.stringify(finding), finding)
  }
  for (const name of [...new Set([...expectedByName.keys(), ...actualByName.keys()])].sort()) {
    const were = expectedByName.get(name) ?? []
    const are = actualByName.get(name) ?? []
    if (were.length !== are.length) {
      const kind = were.length > are.length ? 'event.missing' : 'event.extra'
      add({ kind, subject: name, expected: renderCount(were), actual: renderCount(are) })
    }
    for (const [index, was] of were.entries()) {
      const is = are[index]
      if (is === undefined) break
      const place = { on: 'event', path, rules } as const
      for (const change of compareAttributes(was.attributes, is.attributes, place)) {
        add(toFinding('event.', change, name))
      }
    }
  }
  return [...findings.values()]
}

function compareTexts(
  kind: Finding['kind'],
  subject: string,
  expected: string,
  actual: string,
): readonly Finding[] {
  return expected === actual ? [] : [{ kind, subject, expected, actual }]
}

function groupByName(events: readonly SpanEvent[]): ReadonlyMap<string, readonly SpanEvent[]> {
  return Map.groupBy(events, ({ name }) => name)
}

function renderCount(events: readonly SpanEvent[]): string {
  return events.length === 1 ? 'once' : `${events.length} times`
}

function renderDouble({ duplicate }: SpanNode): string {
  return duplicate ? 'again' : 'once'
}

/** `UNSET`, `OK`, `ERROR`; an unknown number such as `status 7`. */
function renderStatus(code: number): string {
  const entry = Object.entries(StatusCode).find(([, number]) => number === code)
  return entry ? entry[0].toUpperCase() : `status ${code}`
}
