import { readAttribute } from '../../otlp/model.ts'
import { alignRows } from '../trace/align-rows.ts'
import type { Step } from '../trace/align-traces.ts'
import { renderPath } from '../trace/align-traces.ts'
import { renderCanonical, renderValue } from '../trace/attribute-value.ts'
import type { LogEntry, TraceTree } from '../trace/trace-tree.ts'
import { compareAttributes, compareValues, toFinding } from './compare-attributes.ts'
import type { ResourcePair } from './compare-resources.ts'
import type { Finding } from './difference.ts'
import { maskIds, type VolatileRule } from './volatile-rules.ts'

type LogComparison = {
  readonly findings: readonly (Finding & { readonly path: readonly string[] })[]
  readonly resources: readonly ResourcePair[]
}

/**
 * Compares the log records of one trace on two runtimes.
 *
 * Records pair by event name and body, first within the same step, then anywhere. So a record in the wrong span, or
 * outside its trace, is reported as linked elsewhere, not as missing here and extra there.
 */
export function compareLogs(
  steps: readonly Step[],
  traces: ReadonlyMap<string, TraceTree>,
  reference: string,
  runtime: string,
  rules: readonly VolatileRule[],
): LogComparison {
  const lists = new Map([
    [reference, listLogs(steps, traces, reference)],
    [runtime, listLogs(steps, traces, runtime)],
  ])
  const findings: (Finding & { readonly path: readonly string[] })[] = []
  const resources: ResourcePair[] = []
  for (const row of alignRows(lists, readLevels)) {
    const was = row.get(reference)
    const is = row.get(runtime)
    const path = (was ?? is)?.step?.path ?? []
    for (const finding of compareRecords(was, is, rules)) findings.push({ ...finding, path })
    if (was && is) resources.push({ expected: was.entry.resource, actual: is.entry.resource })
  }
  return { findings, resources }
}

/**
 * Lays the log records of all runtimes side by side, as `compareLogs` does with two: those of
 * one row say the same.
 */
export function alignLogs(
  steps: readonly Step[],
  traces: ReadonlyMap<string, TraceTree>,
): readonly { readonly subject: string; readonly records: ReadonlyMap<string, PlacedLog> }[] {
  const lists = new Map([...traces.keys()].map((name) => [name, listLogs(steps, traces, name)]))
  return alignRows(lists, readLevels).map((records) => {
    const [first] = records.values()
    return { subject: first === undefined ? '' : describeRecord(first).subject, records }
  })
}

/** A record with the step of its span; `null` if its span is unknown. */
export type PlacedLog = {
  readonly entry: LogEntry
  readonly step: Step | null
  readonly place: string
}

function listLogs(
  steps: readonly Step[],
  traces: ReadonlyMap<string, TraceTree>,
  runtime: string,
): readonly PlacedLog[] {
  const linked = steps.flatMap((step, index) => {
    const logs = step.spans.get(runtime)?.logs ?? []
    return logs.map((entry) => ({ entry, step, place: `step ${index}` }))
  })
  const loose = traces.get(runtime)?.looseLogs ?? []
  return [...linked, ...loose.map((entry) => ({ entry, step: null, place: entry.link }))]
}

function readLevels({ entry, place }: PlacedLog): readonly (string | null)[] {
  const event = readEventName(entry)
  const body = maskIds(renderCanonical(entry.record.body))
  const named = event === '' ? null : event
  return [
    `${place} ${event} ${body}`,
    named && `${place} ${named}`,
    `${place} ${body}`,
    `${event} ${body}`,
    named,
    body,
  ]
}

/** Older SDKs sent the name as an attribute; for pairing either will do. */
function readEventName({ record }: LogEntry): string {
  if (record.eventName !== '') return record.eventName
  const name = readAttribute(record.attributes, 'event.name')
  return typeof name === 'string' ? name : ''
}

function compareRecords(
  was: PlacedLog | undefined,
  is: PlacedLog | undefined,
  rules: readonly VolatileRule[],
): readonly Finding[] {
  if (is === undefined) {
    if (was === undefined) return []
    return [{ kind: 'log.missing', ...describeRecord(was), actual: null }]
  }
  if (was === undefined) {
    const { subject, expected: actual } = describeRecord(is)
    return [{ kind: 'log.extra', subject, expected: null, actual }]
  }
  const { subject } = describeRecord(was)
  const findings: Finding[] = []
  function expectSame(kind: Finding['kind'], expected: string, actual: string): void {
    if (expected !== actual) findings.push({ kind, subject, expected, actual })
  }

  const before = was.entry.record
  const after = is.entry.record
  const path = renderPath(was.step?.path ?? [])
  expectSame('log.link', renderPlace(was), renderPlace(is))
  expectSame('log.severity', renderSeverity(was), renderSeverity(is))
  expectSame('log.event-name', before.eventName, after.eventName)
  const bodyPlace = { on: 'log.body', key: 'body', path, rules } as const
  if (compareValues(before.body, after.body, bodyPlace) !== null) {
    expectSame('log.body', renderValue(before.body), renderValue(after.body))
  }
  const place = { on: 'log', path, rules } as const
  for (const change of compareAttributes(before.attributes, after.attributes, place)) {
    findings.push(toFinding('log.', change, subject))
  }
  return findings
}

function describeRecord(log: PlacedLog): { readonly subject: string; readonly expected: string } {
  const body = renderValue(log.entry.record.body)
  return {
    subject: readEventName(log.entry) || body,
    expected: `${renderSeverity(log)} ${body}, ${renderPlace(log)}`,
  }
}

function renderSeverity({ entry: { record } }: PlacedLog): string {
  return `${record.severityText || 'severity'} (${record.severityNumber})`
}

function renderPlace({ step, entry }: PlacedLog): string {
  if (step !== null) return `in ${renderPath(step.path)}`
  return entry.link === 'trace' ? 'in the trace but in no span of it' : 'in no trace'
}
