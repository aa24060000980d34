import { expect, test } from 'vitest'
import { buildTrace, change, request, server } from '../../../comparison/testing/trace-fixture.ts'
import { judgeTrace } from './judge-trace.ts'

test('a trace of any service is held to the conventions, each finding with the span it is on', () => {
  const spans = [change(server, { 'url.scheme': 'http', 'http.status_code': 200n })]
  const { version, findings } = judgeTrace(buildTrace({ ...request, spans }))
  expect(version).toBe('1.44.0')
  expect(findings).toContainEqual(
    expect.objectContaining({
      at: 'GET /api/v1/todos/:id',
      rule: 'unstable',
      attribute: 'http.status_code',
      replacement: 'http.response.status_code',
    }),
  )
})
