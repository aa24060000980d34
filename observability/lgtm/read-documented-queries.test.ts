import { expect, test } from 'vitest'
import { readDocumentedQueries } from './read-documented-queries.ts'

const page = `
| question | PromQL |
|---|---|
| one | \`a{b="c"}\` |
| another | \`d\\|e\` |

| question | LogQL |
|---|---|
| a third | \`f\` |
`

test('queries are those of the tables of their language, without what Markdown needs', () => {
  expect(readDocumentedQueries(page, 'PromQL')).toEqual([
    { question: 'one', query: 'a{b="c"}' },
    { question: 'another', query: 'd|e' },
  ])
  expect(readDocumentedQueries(page, 'LogQL')).toEqual([{ question: 'a third', query: 'f' }])
  expect(readDocumentedQueries(page, 'TraceQL')).toEqual([])
})

test('a row without a query is an error', () => {
  expect(() => readDocumentedQueries(page.replace('`f`', 'f'), 'LogQL')).toThrow('got | a third')
})
