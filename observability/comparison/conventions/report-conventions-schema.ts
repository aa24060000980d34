import * as v from 'valibot'
import { described } from '../../plumbing/described.ts'
import { count, text } from '../report/report-step-schema.ts'
import { conventionRules, severities } from './convention-finding.ts'

const finding = v.object({
  rule: v.picklist(conventionRules),
  severity: v.picklist(severities),
  subject: described(
    text,
    'What kind of thing it is on, such as `HTTP server span` or `resource`.',
  ),
  attribute: described(text, 'Empty for the name, the kind or the status of a span.'),
  got: described(
    v.nullable(text),
    'What came, or one example of it; null when something is missing.',
  ),
  expected: text,
  replacement: described(v.nullable(text), 'What to send instead, where there is one answer.'),
  section: described(text, 'Page and anchor below docs/ of the conventions.'),
  url: text,
  at: described(text, 'The work of the first span that it was found on, or the name of a record.'),
  places: v.array(
    v.object({
      operation: text,
      runtime: text,
      count: described(count, 'How often it came there.'),
    }),
  ),
  known: described(
    v.nullable(text),
    'The reason of the exception that declares it; null when none does.',
  ),
  line: text,
})

/** What of a comparison's traces breaks the semantic conventions. */
export const reportConventionsSchema = described(
  v.object({
    version: described(text, 'Of the semantic conventions.'),
    findings: described(v.array(finding), 'The gravest first.'),
    leftOut: described(count, 'Occurrences beyond the first 1,000 distinct findings.'),
    stale: described(v.array(text), 'Exceptions that were declared, but did not occur.'),
  }),
  'What of the traces breaks the semantic conventions of OpenTelemetry, each finding once.',
)
export type ReportConventions = v.InferOutput<typeof reportConventionsSchema>
