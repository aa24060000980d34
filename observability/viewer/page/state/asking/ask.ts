import { describeError } from '../../../../plumbing/describe-error.ts'
import { addRun } from '../shown-run.ts'
import { noteAnswer, noteSilence } from './connection.ts'
import { isProblem } from './problem.ts'

/** The outcome of a query: an answer, a sentence about the refusal, or silence. */
export type Asked<T> =
  | { readonly kind: 'answer'; readonly value: T; readonly etag?: string | undefined }
  /** Nothing has changed since the answer whose `etag` was given back. */
  | { readonly kind: 'unchanged' }
  /** `status` is 0 for an answer that this page cannot read. */
  | { readonly kind: 'problem'; readonly status: number; readonly detail: string }
  | { readonly kind: 'silence' }

const answerMillisMax = 10_000

/**
 * Asks the collector, which is wherever the page came from.
 *
 * Never throws. A question that is called off by `signal` ends as silence, and does not count as
 * a connection that was lost.
 */
export async function ask<T>(
  path: string,
  read: (text: string) => T,
  signal: AbortSignal,
  init: RequestInit = {},
): Promise<Asked<T>> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMillisMax)])
    const response = await fetch(addRun(path), { ...init, signal: limit })
    const text = await response.text()
    noteAnswer(Date.now())
    if (response.status === 304) return { kind: 'unchanged' }
    if (!response.ok) {
      return { kind: 'problem', status: response.status, detail: readDetail(text, response) }
    }
    return readAnswer(text, read, response.headers.get('etag') ?? undefined)
  } catch {
    if (!signal.aborted) noteSilence(Date.now())
    return { kind: 'silence' }
  }
}

/** For answers in JSON. */
export function fromJson<T>(read: (value: unknown) => T): (text: string) => T {
  return (text) => read(JSON.parse(text))
}

function readAnswer<T>(
  text: string,
  read: (text: string) => T,
  etag: string | undefined,
): Asked<T> {
  try {
    return { kind: 'answer', value: read(text), etag }
  } catch (error) {
    const reason = describeError(error)
    const detail = `the collector's answer cannot be read (${reason}); is it of another version?`
    return { kind: 'problem', status: 0, detail }
  }
}

function readDetail(text: string, response: Response): string {
  try {
    const problem: unknown = JSON.parse(text)
    if (isProblem(problem)) return problem.detail
  } catch {
    // Not a problem document: the status has to do.
  }
  return `the collector answered ${response.status} ${response.statusText}`.trim()
}
