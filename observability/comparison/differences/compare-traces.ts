import { alignTraces, renderPath, type Step } from '../trace/align-traces.ts'
import { renderSpanKind } from '../trace/role.ts'
import type { SpanNode, TraceTree } from '../trace/trace-tree.ts'
import { compareLogs } from './compare-logs.ts'
import { compareOrder } from './compare-order.ts'
import { compareResources, type ResourcePair } from './compare-resources.ts'
import { compareSpans } from './compare-spans.ts'
import type { Difference, Finding } from './difference.ts'
import { type VolatileRule, volatileRules } from './volatile-rules.ts'

type TraceComparison = {
  readonly steps: readonly Step[]
  /** By runtime in the order of the traces; then resources, spans from the root down, logs. */
  readonly differences: readonly Difference[]
}

/**
 * Compares what each runtime sent for one operation with what the reference sent.
 *
 * The reference is the first of the traces. A span that is missing or extra is reported
 * once, with the number of spans below it, not again for each of those. Values that may
 * differ are those that `rules` declare; their types may not.
 */
export function compareTraces(
  operation: string,
  traces: ReadonlyMap<string, TraceTree>,
  rules: readonly VolatileRule[] = volatileRules,
): TraceComparison {
  const steps = alignTraces(traces)
  const siblings = Map.groupBy(steps, ({ parent }) => parent)
  const [reference = '', ...others] = traces.keys()
  const differences = others.flatMap((runtime) => {
    const found = compareWithReference({ steps, siblings, traces, reference, runtime, rules })
    return found.map((finding): Difference => ({ operation, runtime, ...finding }))
  })
  return { steps, differences }
}

type Context = {
  readonly steps: readonly Step[]
  readonly siblings: ReadonlyMap<Step | null, readonly Step[]>
  readonly traces: ReadonlyMap<string, TraceTree>
  readonly reference: string
  readonly runtime: string
  readonly rules: readonly VolatileRule[]
}

type Found = Finding & { readonly path: readonly string[] }

function compareWithReference(context: Context): readonly Found[] {
  const { steps, siblings, traces, reference, runtime, rules } = context
  const found: Found[] = []
  const resources: ResourcePair[] = []
  for (const finding of compareOrder(siblings.get(null) ?? [], reference, runtime)) {
    found.push({ ...finding, path: [] })
  }
  for (const step of steps) {
    for (const finding of compareStep(step, context)) found.push({ ...finding, path: step.path })
    const expected = step.spans.get(reference)?.resource
    const actual = step.spans.get(runtime)?.resource
    if (expected && actual) resources.push({ expected, actual })
  }
  const logs = compareLogs(steps, traces, reference, runtime, rules)
  const resourceFindings = compareResources([...resources, ...logs.resources], rules)
  const wholeTrace = resourceFindings.map((finding) => ({ ...finding, path: [] }))
  return [...wholeTrace, ...found, ...logs.findings]
}

function compareStep(step: Step, context: Context): readonly Finding[] {
  const { siblings, reference, runtime, rules } = context
  const expected = step.spans.get(reference)
  const actual = step.spans.get(runtime)
  const label = step.path.at(-1) ?? ''
  if (expected && actual) {
    return [
      ...compareSpans(expected, actual, { label, path: renderPath(step.path), rules }),
      ...compareOrder(siblings.get(step) ?? [], reference, runtime),
    ]
  }
  // Below a span that only one of them has, everything is missing or extra with it.
  const above = step.parent?.spans
  if (above && !(above.has(reference) && above.has(runtime))) return []
  if (expected) {
    return [{ kind: 'span.missing', subject: label, expected: renderSpan(expected), actual: null }]
  }
  if (actual) {
    return [{ kind: 'span.extra', subject: label, expected: null, actual: renderSpan(actual) }]
  }
  return []
}

/** `SERVER "GET /a"`, with what marks it and how many spans go with it. */
function renderSpan(node: SpanNode): string {
  const marks = [node.attachment, node.duplicate ? 'duplicate' : '']
  const strange = marks.filter((mark) => ['orphan', 'cycle', 'duplicate'].includes(mark))
  const below = countBelow(node)
  const parts = [...strange, ...(below > 0 ? [`${below} below it`] : [])]
  const name = `${renderSpanKind(node.span.kind)} ${JSON.stringify(node.span.name)}`
  return parts.length > 0 ? `${name} (${parts.join(', ')})` : name
}

function countBelow(node: SpanNode): number {
  const found = [...node.children]
  for (const { children } of found) for (const child of children) found.push(child)
  return found.length
}
