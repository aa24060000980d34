import type { Resource } from '../../otlp/model.ts'
import { compareAttributes, toFinding } from './attribute-differences.ts'
import type { Finding } from './difference.ts'
import type { VolatileRule } from './volatile-rules.ts'

/** Resources of two runtimes that sent the same step or record. */
export type ResourcePair = { readonly expected: Resource; readonly actual: Resource }

/**
 * What differs between the resources of two runtimes, each difference once: a resource is
 * repeated on every span and record it sent, and says the same each time.
 */
export function compareResources(
  pairs: Iterable<ResourcePair>,
  rules: readonly VolatileRule[],
): readonly Finding[] {
  const compared = new Map<Resource, Set<Resource>>()
  const findings = new Map<string, Finding>()
  for (const { expected, actual } of pairs) {
    const partners = compared.get(expected) ?? new Set()
    if (partners.has(actual)) continue
    compared.set(expected, partners.add(actual))
    const place = { on: 'resource', path: '', rules } as const
    for (const change of compareAttributes(expected.attributes, actual.attributes, place)) {
      const finding = toFinding('resource.', change)
      findings.set(JSON.stringify(finding), finding)
    }
  }
  return [...findings.values()]
}
