import * as v from 'valibot'
import { AskError, type CollectorQuestions } from '../ask-collector.ts'
import { compareGroups } from '../compare/compare-groups.ts'
import { comparePair } from '../compare/compare-pair.ts'
import { explainDifference } from '../compare/explain-difference.ts'
import { explainFailure } from '../compare/explain-failure.ts'
import { explainPair } from '../compare/explain-pair.ts'
import { explainTime } from '../compare/explain-time.ts'
import type { Finding } from '../compare/finding.ts'
import { fitLines } from '../text/fit-lines.ts'
import { quote } from '../text/quote.ts'
import { type CompareRequest, compareArguments } from './compare-arguments.ts'
import { defineTool } from './define-tool.ts'

const bytesMax = 4_000

/** Why one difference is there. */
export const explain = defineTool({
  name: 'explain',
  title: 'Explain a difference',
  description:
    'Explains one id of compare, asked with the same arguments: the declared reason; or the values, how often, and an example trace of each side; for times the step and the part of time that make it; for failures where the error begins.',
  input: {
    id: v.pipe(
      v.string(),
      v.regex(/^[fdt][0-9a-f]{6}$/, 'expected an id as compare gives them, such as d1a2b3c'),
      v.description('An id of compare, such as d1a2b3c'),
    ),
    ...compareArguments,
  },
  async answer(collector, { id, ...given }) {
    const { finding, evidence } = await readEvidence(collector, id, given)
    const { kind, sentence, reason } = finding
    return {
      data: { ...finding, evidence },
      text: fitLines(
        [
          `${id} ${kind}: ${quote(sentence, 400)}`,
          reason === null ? 'nobody declared it' : `declared, because: ${quote(reason, 600)}`,
          ...evidence,
        ],
        bytesMax,
        'ask trace and spans for one of the examples',
      ),
      outcome: 'found',
    }
  },
})

async function readEvidence(collector: CollectorQuestions, id: string, given: CompareRequest) {
  if (given.traces !== undefined) {
    const pair = await comparePair(collector, given)
    const finding = find(id, [...pair.differences.keys(), ...pair.steps.keys()])
    return { finding, evidence: explainPair(pair, finding) }
  }
  const compared = await compareGroups(collector, given)
  const finding = find(id, compared.findings)
  const { kind } = finding
  const evidence =
    kind === 'failure'
      ? explainFailure(compared.groups, finding)
      : kind === 'time'
        ? explainTime(compared, finding)
        : explainDifference(compared, finding)
  return { finding, evidence }
}

function find(id: string, findings: readonly Finding[]): Finding {
  const found = findings.find((one) => one.id === id)
  if (found !== undefined) return found
  throw new AskError(
    `${id} is not among what differs now: ask compare again, and explain with the same arguments`,
    404,
  )
}
