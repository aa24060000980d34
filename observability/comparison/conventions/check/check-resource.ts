import { type Attribute, readAttribute } from '../../../otlp/model.ts'
import type { ConventionFinding } from '../convention-finding.ts'
import type { Registry } from '../registry/registry.ts'
import { checkAttributes } from './check-attributes.ts'

const subject = 'resource'

/**
 * Checks a resource: its attributes, its name, and that what it describes is described by what identifies it.
 */
export function checkResource(
  registry: Registry,
  attributes: readonly Attribute[],
): readonly ConventionFinding[] {
  const found: ConventionFinding[] = []
  for (const finding of checkAttributes(registry, attributes)) found.push({ ...finding, subject })
  const keys = new Set(attributes.map(({ key }) => key))
  for (const [name, entity] of registry.entities) {
    // Of `process.runtime.name` alone nobody says that a process is described: each entity has names of its own.
    const isTold =
      name === 'service' ||
      entity.attributes.some((key) => keys.has(key) && key.startsWith(`${name}.`))
    if (!isTold) continue
    for (const key of entity.required) {
      if (keys.has(key)) continue
      found.push({
        rule: 'required',
        // What is not stable may change, and stock SDKs do not follow it yet: they tell a process without its start.
        severity: entity.stable ? 'violation' : 'information',
        subject,
        attribute: key,
        got: null,
        expected: `${key}, which identifies a ${name}`,
        replacement: null,
        section: `registry/entities/${name.split('.', 1)[0]}.md`,
      })
    }
  }
  const name = readAttribute(attributes, 'service.name')
  if (name === '')
    found.push({
      rule: 'value',
      severity: 'violation',
      subject,
      attribute: 'service.name',
      got: 'string ""',
      expected: 'the name of the service',
      replacement: null,
      section: 'registry/attributes/service.md',
    })
  return found
}
