import type { Resource } from '../../otlp/model.ts'
import { compareAttributes, toFinding } from './compare-attributes.ts'
import type { Finding } from './difference.ts'
import type { VolatileRule } from './volatile-rules.ts'

/** Resources of two runtimes that sent the same step or record. */
export type ResourcePair = { readonly expected: Resource; readonly actual: Resource }

/**
 * Compares the resources of two runtimes. Each difference is reported once, although a resource is repeated with every
 * span and record.
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
