import type { ProblemDocument } from '../../../../wire/problem.ts'

/** Whether it has the explanation of a problem document. */
export function isProblem(value: unknown): value is Pick<ProblemDocument, 'detail'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'detail' in value &&
    typeof value.detail === 'string'
  )
}
