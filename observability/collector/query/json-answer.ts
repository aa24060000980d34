import type { Answer } from '../receive/respond.ts'

/** Headers of every answer in JSON that is not a problem document. */
export const jsonHeaders = { 'content-type': 'application/json' } as const

/** A 200 with the value as compact JSON. */
export function jsonAnswer(value: unknown): Answer {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(value) }
}

/** A 204: it is done, and there is nothing to say. */
export const noAnswer: Answer = { status: 204, headers: {}, body: '' }
