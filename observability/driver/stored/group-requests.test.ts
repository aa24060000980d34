import { expect, test } from 'vitest'
import {
  createGroup,
  createResource,
  createSpan,
  server,
} from '../../comparison/testing/trace-fixture.ts'
import { groupByAttribute, groupRequests } from './group-requests.ts'

test('a client that waits for its answer is no request of a runtime', () => {
  const client = createGroup(
    [createSpan({ ...server, traceId: '1'.repeat(32), name: 'GET get' })],
    createResource({ 'hono.runtime.name': '' }),
  )
  const answered = createGroup([server], createResource({ 'hono.runtime.name': 'bun' }))

  const groups = groupRequests([{ spans: [client, answered], logs: [] }], {
    by: groupByAttribute('hono.runtime.name'),
    where: [],
  })

  expect([...groups].map(([name, { length }]) => [name, length])).toEqual([['bun', 1]])
})
