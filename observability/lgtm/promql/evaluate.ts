import { type Labels, renderLabels, type SpanSeries } from '../spans/span-series.ts'
import type { Expression } from './parse-promql.ts'
import { assertKnown, type Element, selectIncreases, type Vector } from './select-series.ts'
import { takeQuantile } from './take-quantile.ts'

/**
 * What a query must say of spans that are known one by one, evaluated over a window that began before
 * the first of them was reported and ends with a report.
 *
 * Nothing is estimated: a rate is what was added, divided by the window, and a quantile is one of the
 * durations.
 *
 * @param spanMillis from the first report to the last, which every window must be longer than.
 * @throws Error when the query uses something that is not implemented here.
 */
export function evaluate(
  expression: Expression,
  spans: readonly SpanSeries[],
  spanMillis: number,
): Vector {
  const value = evaluateAny(expression, spans, spanMillis)
  if (typeof value === 'number') throw new Error('expected series, got a number')
  return value
}

function evaluateAny(
  expression: Expression,
  spans: readonly SpanSeries[],
  spanMillis: number,
): Vector | number {
  const inner = (it: Expression) => evaluateAny(it, spans, spanMillis)
  switch (expression.type) {
    case 'numberLiteral':
      return Number(expression.val)
    case 'parenExpr':
      return inner(expression.expr)
    case 'aggregation':
      return aggregate(expression, toVector(inner(expression.expr)))
    case 'binaryExpr':
      return combine(expression, inner(expression.lhs), inner(expression.rhs))
    case 'call':
      return call(expression, spans, inner, spanMillis)
    case 'matrixSelector':
      throw new Error('expected a range to stand within a function')
  }
}

function call(
  { func, args }: Extract<Expression, { type: 'call' }>,
  spans: readonly SpanSeries[],
  inner: (it: Expression) => Vector | number,
  spanMillis: number,
): Vector {
  const [first, second] = args
  if (func.name === 'histogram_quantile' && first?.type === 'numberLiteral' && second !== undefined)
    return takeQuantiles(Number(first.val), toVector(inner(second)))
  if ((func.name === 'rate' || func.name === 'increase') && first?.type === 'matrixSelector') {
    if (first.range <= spanMillis || first.offset !== 0)
      throw new Error(`expected a window of more than ${spanMillis} ms, got ${first.range}`)
    const divisor = func.name === 'rate' ? first.range / 1000 : 1
    return selectIncreases(first, spans).map((it) => ({ ...it, value: it.value / divisor }))
  }
  throw new Error(`${func.name}: expected rate, increase or histogram_quantile of what they take`)
}

function aggregate(
  { op, grouping, without }: Extract<Expression, { type: 'aggregation' }>,
  vector: Vector,
): Vector {
  if (op !== 'sum' || without) throw new Error(`${op}: expected a sum, by some labels or none`)
  assertKnown(grouping)
  const groups = Map.groupBy(vector, ({ labels }) => renderLabels(pick(labels, grouping)))
  return [...groups.values()].map((elements) => ({
    labels: pick(elements[0]?.labels ?? {}, grouping),
    value: elements.reduce((total, { value }) => total + value, 0),
    durationsSeconds: elements.flatMap((it) => it.durationsSeconds ?? []),
  }))
}

function takeQuantiles(quantile: number, vector: Vector): Vector {
  return vector.flatMap(({ labels: { le, ...labels }, durationsSeconds = [] }) =>
    le === '+Inf' ? [{ labels, ...takeQuantile(quantile, durationsSeconds) }] : [],
  )
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}
const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}

function combine(
  { op, bool, matching }: Extract<Expression, { type: 'binaryExpr' }>,
  lhs: Vector | number,
  rhs: Vector | number,
): Vector {
  const isPlain = matching === null || (!matching.on && matching.labels.length === 0)
  if (bool || !isPlain || (typeof lhs === 'number' && typeof rhs === 'number'))
    throw new Error(`${op}: expected neither bool, on, ignoring nor two numbers`)
  if (op === 'or') return unite(toVector(lhs), toVector(rhs))
  const calculate = arithmetic[op]
  const compare = comparisons[op]
  return pair(lhs, rhs).flatMap(({ element, left, right }): Vector => {
    if (calculate !== undefined) return [{ labels: element.labels, value: calculate(left, right) }]
    if (compare === undefined) throw new Error(`${op}: expected arithmetic, a comparison or or`)
    // What is compared stays as it is, or goes.
    return compare(left, right) ? [element] : []
  })
}

function unite(lhs: Vector, rhs: Vector): Vector {
  const present = new Set(lhs.map(({ labels }) => renderLabels(labels)))
  return [...lhs, ...rhs.filter(({ labels }) => !present.has(renderLabels(labels)))]
}

/** The element is the left one, unless that is a number. */
type Pair = { readonly element: Element; readonly left: number; readonly right: number }

function pair(lhs: Vector | number, rhs: Vector | number): readonly Pair[] {
  if (typeof lhs === 'number')
    return toVector(rhs).map((element) => ({ element, left: lhs, right: element.value }))
  if (typeof rhs === 'number')
    return lhs.map((element) => ({ element, left: element.value, right: rhs }))
  const others = new Map(rhs.map((it) => [renderLabels(it.labels), it]))
  return lhs.flatMap((element) => {
    const other = others.get(renderLabels(element.labels))
    return other === undefined ? [] : [{ element, left: element.value, right: other.value }]
  })
}

function toVector(value: Vector | number): Vector {
  if (typeof value === 'number') throw new Error('expected series, got a number')
  return value
}

function pick(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
  )
}
