import { parser as logql } from '@grafana/lezer-logql'
import { parser as traceql } from '@grafana/lezer-traceql'
import { parser as promql } from '@prometheus-io/lezer-promql'

// The grammars that Grafana's and Prometheus's own editors use.
const grammars = { PromQL: promql, LogQL: logql, TraceQL: traceql } as const

export const languages = ['PromQL', 'LogQL', 'TraceQL'] as const
export type Language = (typeof languages)[number]

/** A part of a query, called as its grammar calls it, such as `LabelName`. */
export type QueryNode = {
  readonly name: string
  readonly text: string
  readonly children: readonly QueryNode[]
}

/**
 * Reads a query by the grammar of its vendor. Grafana's `$__rate_interval` and its like count as a duration.
 *
 * @throws Error that quotes the query and says where it is wrong.
 */
export function parseQuery(language: Language, query: string): QueryNode {
  const text = query.replaceAll(/\$__(rate_interval|interval|range|auto)\b/g, '1m')
  const { topNode } = grammars[language].parse(text)
  return read(topNode)

  function read(node: typeof topNode): QueryNode {
    const { name, from, to } = node
    if (node.type.isError) {
      const rest = JSON.stringify(text.slice(from))
      throw new Error(`${text}: expected ${language}, which this is not at ${from}: ${rest}`)
    }
    const children: QueryNode[] = []
    for (let child = node.firstChild; child !== null; child = child.nextSibling)
      children.push(read(child))
    return { name, text: text.slice(from, to), children }
  }
}

/** The node itself and all below it that are called so, in the order of the query. */
export function findNodes(node: QueryNode, name: string): readonly QueryNode[] {
  return [
    ...(node.name === name ? [node] : []),
    ...node.children.flatMap((child) => findNodes(child, name)),
  ]
}

/** What of a label it asks for, such as `=~` and `5..`; a text comes without its quotes. */
export type Matcher = { readonly label: string; readonly operator: string; readonly value: string }

/** The matchers of a selector and of filters on labels, in PromQL or LogQL. */
export function listMatchers(node: QueryNode): readonly Matcher[] {
  const matchers = ['UnquotedLabelMatcher', 'Matcher'].flatMap((name) => findNodes(node, name))
  return matchers.map(({ children }) => {
    const [label = '', operator = '', value = ''] = children.map(({ text }) => text)
    return { label, operator, value: value.slice(1, -1) }
  })
}

/** The labels of each `by (…)`, in PromQL or LogQL. */
export function listGroupedBy(node: QueryNode): readonly string[] {
  const lists = ['GroupingLabels', 'Grouping'].flatMap((name) => findNodes(node, name))
  const names = lists.flatMap((list) => [
    ...findNodes(list, 'LabelName'),
    ...findNodes(list, 'Identifier'),
  ])
  return names.map(({ text }) => text)
}
