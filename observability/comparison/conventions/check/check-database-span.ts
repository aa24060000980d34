import { readAttribute, SpanKind } from '../../../otlp/model.ts'
import { cutText } from '../../trace/attribute-value.ts'
import { renderSpanKind } from '../../trace/role.ts'
import type { ConventionFinding } from '../convention-finding.ts'
import type { SpanFacts } from './span-facts.ts'

type Found = Omit<ConventionFinding, 'subject'>

/** Databases that may live in the process that asks them. */
const inProcess = new Set(['sqlite', 'h2database', 'h2', 'hsqldb', 'derby'])

/** The rules of databases for the kind and the name of a client's span. */
export function checkDatabaseSpan(facts: SpanFacts): readonly Found[] {
  const system = facts.text('db.system.name') ?? facts.text('db.system')
  return system === undefined ? [] : [...checkKind(facts, system), ...checkName(facts, system)]
}

function checkKind({ span: { kind } }: SpanFacts, system: string): readonly Found[] {
  if (kind === SpanKind.client) return []
  if (kind === SpanKind.internal && inProcess.has(system)) return []
  return [
    {
      rule: 'span-kind',
      severity: 'improvement',
      attribute: '',
      got: renderSpanKind(kind),
      expected: 'CLIENT',
      replacement: null,
      section: 'db/database-spans.md#span-definition',
    },
  ]
}

function checkName(facts: SpanFacts, system: string): readonly Found[] {
  const { name } = facts.span
  const statement = facts.text('db.query.text') ?? facts.text('db.statement')
  const allowed = listNames(facts, system)
  // A name of the old conventions is no worse than the rest of that span, but for one that is a statement.
  const isOld = facts.text('db.system.name') === undefined
  const isStatement = name === statement
  if (allowed.includes(name) || (isOld && !isStatement)) return []
  return [
    {
      rule: 'span-name',
      severity: isStatement ? 'violation' : 'improvement',
      attribute: '',
      got: cutText(JSON.stringify(name)),
      expected: isStatement ? `${allowed[0]}, and never a statement` : (allowed[0] ?? system),
      replacement: allowed[0] ?? null,
      section: 'db/database-spans.md#name',
    },
  ]
}

/** The names that the conventions allow, the best first. */
function listNames(facts: SpanFacts, system: string): readonly string[] {
  const summary = facts.text('db.query.summary')
  if (summary !== undefined) return [summary]
  const address = facts.text('server.address')
  const port = readAttribute(facts.span.attributes, 'server.port')
  const targets = [
    facts.text('db.collection.name'),
    facts.text('db.stored_procedure.name'),
    facts.text('db.namespace'),
    address === undefined || port === undefined ? undefined : `${address}:${port}`,
    address,
  ].filter((target) => target !== undefined)
  const operation = facts.text('db.operation.name') ?? facts.text('db.operation')
  if (operation === undefined) return targets.length > 0 ? targets : [system]
  return [...targets.map((target) => `${operation} ${target}`), operation]
}
