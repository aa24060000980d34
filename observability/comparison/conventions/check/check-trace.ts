import type { Attribute } from '../../../otlp/model.ts'
import { readRole } from '../../trace/role.ts'
import type { LogEntry, SpanNode, TraceTree } from '../../trace/trace-tree.ts'
import type { ConventionFinding } from '../convention-finding.ts'
import type { Registry } from '../registry/registry.ts'
import { checkAttributes } from './check-attributes.ts'
import { checkResource } from './check-resource.ts'
import { checkSpan } from './check-span.ts'

/** A finding, and which thing it was found on. */
export type PlacedFinding = {
  readonly finding: ConventionFinding
  /** The work of a span, such as `GET /todos/:id`; the name of a record's event; empty for a resource. */
  readonly readAt: () => string
}

export type CheckOptions = {
  /** Whether the attributes of records are of the types that were sent. Defaults to yes. */
  readonly hasLogTypes?: boolean
}

/** Makes a check of traces, which looks at each resource once however many spans it has. */
export function createTraceCheck(
  registry: Registry,
  { hasLogTypes = true }: CheckOptions = {},
): (trace: Pick<TraceTree, 'roots' | 'looseLogs'>) => readonly PlacedFinding[] {
  return (trace) => {
    const found: PlacedFinding[] = []
    const resources = new Set<readonly Attribute[]>()
    const seeResource = (attributes: readonly Attribute[]) => {
      if (resources.has(attributes)) return
      resources.add(attributes)
      for (const finding of checkResource(registry, attributes))
        found.push({ finding, readAt: () => '' })
    }
    const seeLog = ({ record, resource }: LogEntry) => {
      seeResource(resource.attributes)
      for (const one of checkAttributes(registry, record.attributes, hasLogTypes)) {
        const finding = { ...one, subject: 'log record' }
        found.push({ finding, readAt: () => record.eventName })
      }
    }
    const rest: SpanNode[] = [...trace.roots]
    for (const node of rest) {
      seeResource(node.resource.attributes)
      // Read for the first of many alike: a role costs more than the check.
      const readAt = () => readRole(node.span).label
      for (const finding of checkSpan(registry, node)) found.push({ finding, readAt })
      node.logs.forEach(seeLog)
      for (const child of node.children) rest.push(child)
    }
    trace.looseLogs.forEach(seeLog)
    return found
  }
}
