import type { Answer } from '../../comparison/differences/answers.ts'
import type { Scenario } from './scenario.ts'

/**
 * The same answer without the values of its cookies: a report is passed around, and a session lets anybody in. Names
 * and attributes stay. A scenario that has a rule for `set-cookie` wants the values.
 */
export function hideCookies(answer: Answer | null, { answers }: Scenario): Answer | null {
  if (answer === null || answers?.headers?.some(({ name }) => name === 'set-cookie')) return answer
  return {
    ...answer,
    headers: answer.headers.map(([name, value]) =>
      name.toLowerCase() === 'set-cookie' ? [name, hideValue(value)] : [name, value],
    ),
  }
}

/** Up to the first `;` a cookie is `name=value`; without a `=` all of it is the value. */
function hideValue(cookie: string): string {
  const [, name = '', attributes = ''] = /^([^=;]*=)?[^;]*(;.*)?$/s.exec(cookie) ?? []
  return `${name}REDACTED${attributes}`
}
