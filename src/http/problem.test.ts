import { describe, expect, test } from 'vitest'
import { Problem, type ReadOutage, toProblem } from './problem.ts'

const gone = new Error('connection refused')
const readOutage: ReadOutage = (error) => (error === gone ? 'not-done' : undefined)

describe('what is thrown', () => {
  test('stays what it is when it is a problem', () => {
    const problem = new Problem(404, 'no such todo')

    expect(toProblem(problem, () => 'not-done')).toBe(problem)
  })

  test('is a 503 that may be tried again when a dependency is unavailable', () => {
    expect(toProblem(gone, readOutage)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      cause: gone,
    })
  })

  test('is a 503 that says to look first when the work may have been done', () => {
    const problem = toProblem(gone, () => 'unknown')

    expect(problem).toMatchObject({ status: 503, headers: {}, cause: gone })
    expect(problem.message).toMatch(/may still be carried out/)
  })

  test.each([new Error('password is hunter2'), 'hunter2', undefined, null])(
    'is a 500 that keeps %j to itself in all other cases',
    (error) => {
      const problem = toProblem(error, readOutage)

      expect(problem.status).toBe(500)
      expect(problem.message).not.toContain('hunter2')
      expect(problem.cause ?? undefined).toBe(error ?? undefined)
    },
  )
})
