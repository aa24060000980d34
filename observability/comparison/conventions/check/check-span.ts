import { StatusCode } from '../../../otlp/model.ts'
import type { TracedSpan } from '../../trace/trace-tree.ts'
import type { ConventionFinding } from '../convention-finding.ts'
import { findRule, type Registry } from '../registry/registry.ts'
import { checkAttributes } from './check-attributes.ts'
import { checkDatabaseSpan } from './check-database-span.ts'
import { checkHttpSpan } from './check-http-span.ts'
import { createSpanFacts, type SpanFacts } from './span-facts.ts'
import { findSpanGroups, type SpanGroup } from './span-groups.ts'

/** Checks a span's name, kind, status and attributes, and those of its events. */
export function checkSpan(
  registry: Registry,
  traced: Pick<TracedSpan, 'span' | 'resource'>,
): readonly ConventionFinding[] {
  const facts = createSpanFacts(traced)
  const groups = findSpanGroups(facts)
  const subject = groups[0]?.title ?? 'span'
  const found: ConventionFinding[] = []
  for (const finding of checkAttributes(registry, facts.span.attributes))
    found.push({ ...finding, subject })
  for (const { name, attributes } of facts.span.events) {
    for (const finding of checkAttributes(registry, attributes))
      found.push({ ...finding, subject: `event ${name}` })
  }
  for (const group of groups) found.push(...checkRequired(registry, facts, group))
  const rules = [...checkHttpSpan(registry, facts), ...checkDatabaseSpan(facts)]
  for (const finding of rules) found.push({ ...finding, subject })
  const isStatusWrong = rules.some(({ rule }) => rule === 'status')
  const group = groups.find(({ ids }) => ids.some((id) => withErrorType.has(id)))
  if (group !== undefined && !isStatusWrong && hasFailedSilently(facts))
    found.push(describeMissing('error.type', group))
  return found
}

function checkRequired(
  registry: Registry,
  facts: SpanFacts,
  group: SpanGroup,
): readonly ConventionFinding[] {
  const required = new Set(group.ids.flatMap((id) => registry.spans.get(id)?.required ?? []))
  const isMissing = (key: string) => !facts.has(key) && !hasOldName(registry, facts, key)
  const missing = [...required].filter(isMissing).map((key) => describeMissing(key, group))
  if (group.knowsRecommended !== true) return missing
  const recommended = group.ids.flatMap((id) => registry.spans.get(id)?.recommended ?? [])
  const lacking = recommended.filter(isMissing).map((key) => ({
    ...describeMissing(key, group),
    ...{ rule: 'recommended' as const, severity: 'information' as const },
  }))
  return [...missing, ...lacking]
}

/** What came under its old name is said once: as deprecated. */
function hasOldName(registry: Registry, { span }: SpanFacts, key: string): boolean {
  return span.attributes.some(
    (one) => findRule(registry, one.key)?.deprecated?.to.includes(key) === true,
  )
}

/** Groups that demand `error.type` of what ended with an error. */
const withErrorType = new Set(['http.server', 'http.client', 'db.client', 'rpc.call.client'])

function hasFailedSilently({ span, has }: SpanFacts): boolean {
  return span.status.code === StatusCode.error && !has('error.type')
}

function describeMissing(key: string, { title, section }: SpanGroup): ConventionFinding {
  return {
    rule: 'required',
    severity: 'violation',
    subject: title,
    attribute: key,
    got: null,
    expected: key === 'error.type' ? 'error.type on what ended with an error' : key,
    replacement: null,
    section,
  }
}
