import type { Answer } from '../receive/respond.ts'

export const jsonHeaders = { 'content-type': 'application/json' } as const

export function jsonAnswer(value: unknown): Answer {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(value) }
}
