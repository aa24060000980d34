import type { ReportOperation, ReportStep } from '../../comparison/report/report-schema.ts'
import { renderMillis } from '../../comparison/trace/clock-trust.ts'
import { quote } from '../text/quote.ts'
import type { GroupComparison } from './compare-groups.ts'
import type { Finding } from './finding.ts'

const attributesMax = 25

/** Evidence for a difference: values, how often, an example of each side, and the step that it is on. */
export function explainDifference(
  { report, differences }: Pick<GroupComparison, 'report' | 'differences'>,
  finding: Finding,
): readonly string[] {
  const [first] = differences.get(finding) ?? []
  if (first === undefined) return []
  const operation = report.operations.find(({ name }) => name === first.operation)
  const step = first.step === null ? undefined : operation?.steps[first.step]
  return [
    `kind: ${first.kind}, of ${quote(first.subject)}, at ${first.path.length === 0 ? 'the trace as a whole' : quote(first.path.join(' > '), 300)}`,
    `on ${quote(report.reference)}: ${renderValue(first.expected)}, in ${first.referenceOf - first.referenceCount} of ${first.referenceOf} requests`,
    `on ${quote(first.runtime)}: ${renderValue(first.actual)}, in ${first.count} of ${first.of} requests`,
    `operations: ${finding.operations
      .slice(0, 10)
      .map((name) => quote(name))
      .join(', ')}`,
    ...listExamples(operation, [report.reference, first.runtime], first.line),
    ...(step === undefined ? [] : renderStep(step, [report.reference, first.runtime])),
  ]
}

function listExamples(
  operation: ReportOperation | undefined,
  names: readonly string[],
  line: string,
): readonly string[] {
  return names.flatMap((name) => {
    const forms = operation?.runtimes.find(({ runtime }) => runtime === name)?.forms ?? []
    const form = forms.find(({ differences }) => differences.some((one) => line.startsWith(one)))
    const traceId = (form ?? forms[0])?.exampleTraceId ?? null
    return traceId === null ? [] : [`example on ${quote(name)}: trace ${traceId}`]
  })
}

function renderValue(value: string | null): string {
  return value === null ? 'nothing' : quote(value, 300)
}

/** The spans of two runtimes at the step, each with the attributes in which it differs. */
function renderStep({ spans }: ReportStep, names: readonly string[]): readonly string[] {
  const own = spans.filter(({ runtime }) => names.includes(runtime))
  const texts = own.map(
    ({ attributes }) => new Map(attributes.map(({ key, type, text }) => [key, `${type} ${text}`])),
  )
  return own.flatMap((span, index) => {
    const alone = [...(texts[index] ?? [])].filter(([key, text]) =>
      texts.some((other) => other.get(key) !== text),
    )
    const shown = alone.slice(0, attributesMax).map(([key, text]) => `${quote(key)}=${quote(text)}`)
    return [
      `span on ${quote(span.runtime)}: ${quote(span.name)} ${renderMillis(span.durationMillis)} ${span.spanId}`,
      ...(shown.length > 0 ? [`  it alone says: ${shown.join(' ')}`] : []),
    ]
  })
}
