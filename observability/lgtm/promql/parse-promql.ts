import * as v from 'valibot'

/** A query as Prometheus itself understands it, as far as `evaluate` does. */
export type Expression =
  | { readonly type: 'numberLiteral'; readonly val: string }
  | { readonly type: 'parenExpr'; readonly expr: Expression }
  | {
      readonly type: 'matrixSelector'
      readonly name: string
      readonly matchers: readonly Matcher[]
      /** Milliseconds. */
      readonly range: number
      readonly offset: number
    }
  | {
      readonly type: 'call'
      readonly func: { readonly name: string }
      readonly args: readonly Expression[]
    }
  | {
      readonly type: 'aggregation'
      readonly op: string
      readonly expr: Expression
      readonly grouping: readonly string[]
      readonly without: boolean
    }
  | {
      readonly type: 'binaryExpr'
      readonly op: string
      readonly lhs: Expression
      readonly rhs: Expression
      readonly bool: boolean
      /** Which labels must be equal; `null` where a side is a number. */
      readonly matching: {
        readonly card: string
        readonly on: boolean
        readonly labels: readonly string[]
      } | null
    }

export type Matcher = {
  readonly name: string
  readonly type: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

const matcher = v.object({
  name: v.string(),
  type: v.picklist(['=', '!=', '=~', '!~']),
  value: v.string(),
})

const expression: v.GenericSchema<unknown, Expression> = v.lazy(() =>
  v.variant('type', [
    v.object({ type: v.literal('numberLiteral'), val: v.string() }),
    v.object({ type: v.literal('parenExpr'), expr: expression }),
    v.object({
      type: v.literal('matrixSelector'),
      name: v.string(),
      matchers: v.array(matcher),
      range: v.number(),
      offset: v.number(),
    }),
    v.object({
      type: v.literal('call'),
      func: v.object({ name: v.string() }),
      args: v.array(expression),
    }),
    v.object({
      type: v.literal('aggregation'),
      op: v.string(),
      expr: expression,
      grouping: v.array(v.string()),
      without: v.boolean(),
    }),
    v.object({
      type: v.literal('binaryExpr'),
      op: v.string(),
      lhs: expression,
      rhs: expression,
      bool: v.boolean(),
      matching: v.nullable(
        v.object({ card: v.string(), on: v.boolean(), labels: v.array(v.string()) }),
      ),
    }),
  ]),
)

const answer = v.object({ data: expression })

const parseMillisMax = 10_000

/**
 * Has a Prometheus parse a query, so that there is no second opinion on what it means.
 *
 * @throws Error when it is none, or uses something that `evaluate` does not know.
 */
export async function parsePromql(prometheusUrl: string, query: string): Promise<Expression> {
  const url = `${prometheusUrl}/api/v1/parse_query?${new URLSearchParams({ query })}`
  const response = await fetch(url, { signal: AbortSignal.timeout(parseMillisMax) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${query}: Prometheus says ${response.status} ${text}`)
  const parsed = v.safeParse(answer, JSON.parse(text))
  if (parsed.success) return parsed.output.data
  const [issue] = parsed.issues
  throw new Error(
    `${query}: expected what promql/evaluate.ts knows, got ${issue.message} at ${v.getDotPath(issue)}`,
  )
}
