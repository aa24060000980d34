import {
  type AnswerRules,
  answerRules,
  type HeaderRule,
} from '../../comparison/differences/answer-rules.ts'
import { type VolatileRule, volatileRules } from '../../comparison/differences/volatile-rules.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import { flattenName } from '../sources/loki-logs.ts'
import type { TraceSource } from '../sources/trace-source.ts'
import type { Scenario } from './scenario.ts'

/** The rules of a comparison, and how those that are the scenario's own functions fared. */
export type Rules = {
  readonly volatile: readonly VolatileRule[]
  readonly answers: AnswerRules
  /** Functions of the scenario that have failed so far, a sentence each. */
  readonly failures: ReadonlySet<string>
}

/**
 * The usual rules and those of a scenario, whose rule for a header replaces the usual one.
 *
 * A function of the scenario that fails must not cost what was measured: its header is compared as
 * it came, and the failure is told.
 */
export function createRules(
  { volatile = [], answers = {} }: Scenario,
  { flattensLogs = false }: Pick<TraceSource, 'flattensLogs'> = {},
): Rules {
  const failures = new Set<string>()
  function guard(rule: HeaderRule): HeaderRule {
    return {
      ...rule,
      name: rule.name.toLowerCase(),
      normalize(value) {
        try {
          return rule.normalize(value)
        } catch (error) {
          const reason = describeError(error)
          failures.add(`the scenario's rule for the header ${rule.name} failed: ${reason}`)
          return value
        }
      },
    }
  }

  const own = (answers.headers ?? []).map(guard)
  const usual = answerRules.headers.filter(({ name }) => own.every((rule) => rule.name !== name))
  const all = [...volatileRules, ...volatile]
  return {
    volatile: flattensLogs ? [...all, ...all.flatMap(flattenRule)] : all,
    answers: {
      headers: [...usual, ...own],
      body: [...answerRules.body, ...(answers.body ?? [])],
    },
    failures,
  }
}

/** The same rule for a log record whose attributes' names have lost their dots. */
function flattenRule(rule: VolatileRule): readonly VolatileRule[] {
  if (rule.on !== undefined && rule.on !== 'log') return []
  const key = rule.key.split('*').map(flattenName).join('*')
  return key === rule.key ? [] : [{ ...rule, on: 'log', key }]
}
