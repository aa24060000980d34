import type { LogRecord } from '../otlp/model.ts'

/** From the least to the most severe; each spans four severity numbers, from 1 for `trace`. */
export const severities = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** One of the six levels of OpenTelemetry, in lower case. */
export type Severity = (typeof severities)[number]

/** By the record's number, or by its text when it has no number; `undefined` when neither tells. */
export function readSeverity(record: LogRecord): Severity | undefined {
  if (record.severityNumber > 0) return severities[Math.floor((record.severityNumber - 1) / 4)]
  const text = record.severityText.toLowerCase()
  return severities.find((severity) => severity === text)
}

/** Whether a severity reaches `minimum`; `false` for an unknown one. */
export function isAtLeast(severity: Severity | undefined, minimum: Severity): boolean {
  return severity !== undefined && severities.indexOf(severity) >= severities.indexOf(minimum)
}
