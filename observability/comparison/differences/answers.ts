import { matchesPattern } from '../trace/pattern.ts'
import { type AnswerRules, answerRules, type HeaderRule } from './answer-rules.ts'
import { compareBodies, type JsonValue } from './compare-bodies.ts'
import type { Finding } from './difference.ts'

/** A runtime's HTTP answer. */
export type Answer = {
  readonly status: number
  /** As they came, with repeated ones repeated; names in lower case, but for baselines of old. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: AnswerBody
}

/** A body as its `content-type` says to read it. */
export type AnswerBody =
  | { readonly format: 'empty' }
  | { readonly format: 'json'; readonly value: JsonValue }
  | { readonly format: 'text'; readonly text: string }

/**
 * Parses a body by its media type: JSON if promised and valid, otherwise text. Invalid JSON is text, so that it differs
 * from valid JSON.
 *
 * @param contentType The header's value; `null` without the header.
 */
export function parseAnswerBody(contentType: string | null, text: string): AnswerBody {
  if (text === '') return { format: 'empty' }
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json')) {
    return { format: 'text', text }
  }
  try {
    const value: JsonValue = JSON.parse(text)
    return { format: 'json', value }
  } catch {
    return { format: 'text', text }
  }
}

/**
 * Compares the answers of two runtimes to one operation: status, the headers that `rules`
 * name, and the body.
 */
export function compareAnswers(
  operation: string,
  expected: Answer,
  actual: Answer,
  rules: AnswerRules = answerRules,
): readonly Finding[] {
  const findings: Finding[] = []
  if (expected.status !== actual.status) {
    const statuses = { expected: String(expected.status), actual: String(actual.status) }
    findings.push({ kind: 'answer.status', subject: 'status', ...statuses })
  }
  for (const rule of rules.headers) findings.push(...compareHeader(rule, expected, actual))
  findings.push(...compareParsed(operation, expected.body, actual.body, rules))
  return findings
}

/** Null when there is no such header; repeated headers are one list (RFC 9110, 5.2). */
export function readHeader(answer: Pick<Answer, 'headers'>, name: string): string | null {
  const values = answer.headers.filter(([key]) => key.toLowerCase() === name)
  return values.length === 0 ? null : values.map(([, value]) => value).join(', ')
}

function compareHeader(rule: HeaderRule, was: Answer, is: Answer): readonly Finding[] {
  const subject = rule.name
  const expected = readHeader(was, subject)
  const actual = readHeader(is, subject)
  if (expected === null && actual === null) return []
  if (actual === null) return [{ kind: 'answer.header.missing', subject, expected, actual }]
  if (expected === null) return [{ kind: 'answer.header.extra', subject, expected, actual }]
  if (rule.normalize(expected) === rule.normalize(actual)) return []
  return [{ kind: 'answer.header.value', subject, expected, actual }]
}

function compareParsed(
  operation: string,
  was: AnswerBody,
  is: AnswerBody,
  rules: AnswerRules,
): readonly Finding[] {
  if (was.format === 'json' && is.format === 'json') {
    return compareBodies(operation, was.value, is.value, rules.body)
  }
  const expected = renderBody(was)
  const actual = renderBody(is)
  if (was.format !== is.format) return [{ kind: 'answer.body.type', subject: '', expected, actual }]
  const mayDiffer = rules.body.some(
    (rule) =>
      rule.ignore === 'value' &&
      matchesPattern(rule.pointer, '') &&
      matchesPattern(rule.operation ?? '*', operation),
  )
  if (expected === actual || mayDiffer) return []
  return [{ kind: 'answer.body.value', subject: '', expected, actual }]
}

function renderBody(body: AnswerBody): string {
  if (body.format === 'empty') return 'no body'
  if (body.format === 'json') return 'JSON'
  return `text ${JSON.stringify(body.text)}`
}
