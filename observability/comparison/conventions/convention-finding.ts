/**
 * Broken: what the conventions demand, a MUST. Improvable: what they recommend, a SHOULD. Information: what they allow,
 * and a reader may want to know. The words are those of OpenTelemetry's Weaver.
 */
export const severities = ['violation', 'improvement', 'information'] as const
export type Severity = (typeof severities)[number]

export function isSeverity(text: string): text is Severity {
  return severities.some((one) => one === text)
}

/** What of a span, a record or a resource breaks the conventions. */
export const conventionRules = [
  'required',
  'recommended',
  'type',
  'value',
  'deprecated',
  'unstable',
  'unknown',
  'span-name',
  'span-kind',
  'status',
] as const
export type ConventionRule = (typeof conventionRules)[number]

export type ConventionFinding = {
  readonly rule: ConventionRule
  readonly severity: Severity
  /** What kind of thing it is on: `HTTP server span`, `resource`, `log record`, … */
  readonly subject: string
  /** The key of the attribute; empty for the name, the kind or the status of a span. */
  readonly attribute: string
  /** `null` where something is missing. */
  readonly got: string | null
  readonly expected: string
  /** What to send instead, where there is one answer. */
  readonly replacement: string | null
  /** Page and anchor below `docs/` of the conventions, such as `http/http-spans.md#name`. */
  readonly section: string
}

/** Where a section can be read, in the version that was asked for. */
export function sectionUrl(version: string, section: string): string {
  return `https://github.com/open-telemetry/semantic-conventions/blob/v${version}/docs/${section}`
}

/** Whether a finding is at least as grave as a level. */
export function isAtLeast(severity: Severity, level: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(level)
}

/** What is wrong, without where: `attribute http.method is deprecated: got …, expected …`. */
export function describeFinding(finding: ConventionFinding): string {
  const { rule, subject, attribute, got, expected } = finding
  const what = phrases[rule].replace('{}', () => attribute)
  const came = got === null ? '' : `, got ${got}`
  return `${subject}: ${what}: expected ${expected}${came}`
}

const phrases: Readonly<Record<ConventionRule, string>> = {
  required: 'Required attribute {} is missing',
  recommended: 'recommended attribute {} is missing',
  type: 'attribute {} is of another type',
  value: 'attribute {} has another value than those of the conventions',
  deprecated: 'attribute {} is deprecated',
  unstable: 'attribute {} is deprecated, and its successor is stable',
  unknown: 'attribute {} is no name of the conventions, and has no namespace of its own',
  'span-name': 'the span has another name',
  'span-kind': 'the span is of another kind',
  status: 'the span has another status',
}
