import { type AnyValue, readAttribute } from '../../otlp/model.ts'
import type { SpanOfResource } from '../spans/span-series.ts'

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
const conditionPattern =
  /^((?:resource|span)\.[\w.]+|name|kind|duration) (=~|=|>=|<=|<|>) (?:"([^"]*)"|(-?[\d.]+)(s?)|([a-z]+))$/

/**
 * The spans that a search in Tempo means, as far as the links of the dashboards search: conditions on one
 * span, all of which hold.
 *
 * @throws Error when it is anything else: then this has to learn it.
 */
export function selectSpans(
  query: string,
  spans: readonly SpanOfResource[],
): readonly SpanOfResource[] {
  const [, inner] = /^\{ (.*) \}$/.exec(query) ?? []
  if (inner === undefined) throw new Error(`${query}: expected conditions on one span`)
  const conditions = inner.split(' && ').map(parseCondition)
  return spans.filter((one) => conditions.every((holds) => holds(one)))
}

function parseCondition(text: string): (one: SpanOfResource) => boolean {
  const [, field, operator, quoted, number, , word] = conditionPattern.exec(text) ?? []
  if (field === undefined) throw new Error(`expected a condition on a span, got ${text}`)
  const expected = quoted ?? word ?? Number(number)
  return (one) => {
    const actual = readField(one, field)
    if (actual === undefined || actual === null) return false
    return compare(operator ?? '', actual, expected)
  }
}

function compare(operator: string, actual: AnyValue, expected: string | number): boolean {
  if (typeof expected === 'number') {
    const difference = Number(actual) - expected
    return holdsFor(operator, difference)
  }
  // The whole value, as Tempo takes a regular expression.
  if (operator === '=~') return new RegExp(`^(?:${expected})$`, 's').test(String(actual))
  if (operator === '=') return actual === expected
  throw new Error(`${operator}: expected = or =~ before a text`)
}

function holdsFor(operator: string, difference: number): boolean {
  switch (operator) {
    case '=':
      return difference === 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    default:
      throw new Error(`${operator}: expected a comparison before a number`)
  }
}

function readField({ span, resource }: SpanOfResource, field: string): AnyValue | undefined {
  switch (field) {
    case 'name':
      return span.name
    case 'kind':
      return kinds[span.kind]
    case 'duration':
      return Number(span.endNanos - span.startNanos) / 1e9
    default: {
      const [scope, ...rest] = field.split('.')
      return readAttribute(scope === 'span' ? span.attributes : resource, rest.join('.'))
    }
  }
}
