export type DocumentedQuery = { readonly question: string; readonly query: string }

/**
 * The queries that a page in Markdown hands out: of each table whose second column is called after the language.
 *
 * @param language as the heading of that column says it, such as `PromQL`.
 */
export function readDocumentedQueries(page: string, language: string): readonly DocumentedQuery[] {
  const queries: DocumentedQuery[] = []
  let isWanted = false
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) isWanted = false
    else if (line === `| question | ${language} |`) isWanted = true
    else if (isWanted && !line.startsWith('|---')) queries.push(parseRow(line))
  }
  return queries
}

function parseRow(line: string): DocumentedQuery {
  const [, question, query] = /^\| (.+?) \| `(.+)` \|$/.exec(line) ?? []
  if (question === undefined || query === undefined)
    throw new Error(`expected a row of a question and a query in backticks, got ${line}`)
  return { question, query: query.replaceAll('\\|', '|') }
}
