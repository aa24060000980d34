import { compareGroups, type GroupComparison } from '../compare/compare-groups.ts'
import { comparePair, type PairComparison } from '../compare/compare-pair.ts'
import type { Finding } from '../compare/finding.ts'
import { fitLines } from '../text/fit-lines.ts'
import { quote } from '../text/quote.ts'
import { compareArguments } from './compare-arguments.ts'
import { defineTool } from './define-tool.ts'

const bytesMax = 3_900
const sentenceCharsMax = 300
/** Of the differences that one reason stands for. */
const idsMax = 3

/** What differs between runtimes, versions, runs, two traces, or before and after. */
export const compare = defineTool({
  name: 'compare',
  title: 'Compare',
  description:
    'Compares requests across runtimes, or by any attribute, or two traces, or runs, or before and since a mark: what fails more often, spans, attributes and logs that differ, what is slower or faster beyond chance. ' +
    'Says which differences are declared with a reason. Give an id of its answer to explain, with the same arguments.',
  input: compareArguments,
  async answer(collector, given) {
    if (given.traces !== undefined) return answerPair(await comparePair(collector, given))
    return answerGroups(await compareGroups(collector, given))
  },
})

function answerGroups({ title, groups, report, findings, notes }: GroupComparison) {
  const { reference } = report
  const sizes = [...groups].map(([name, { length }]) => ({ name, requests: length }))
  const verdicts = countVerdicts(report)
  const open = findings.filter(({ reason }) => reason === null)
  const head = sizes
    .map(
      ({ name, requests }) =>
        `${quote(name)} ${requests}${name === reference ? ' (reference)' : ''}`,
    )
    .join(', ')
  return {
    data: { title, reference, groups: sizes, findings, verdicts, notes },
    text: fitLines(
      [
        `compared ${quote(title)}, requests of each: ${head}`,
        ...renderFindings(findings),
        `other times: ${verdicts.alike} alike, ${verdicts.unclear} unclear, ${verdicts['too-few']} with too few requests (20 of each are needed)`,
        ...notes.map((note) => `note: ${quote(note, sentenceCharsMax)}`),
      ],
      bytesMax,
      'narrow by where',
    ),
    outcome: open.length > 0 ? ('different' as const) : ('found' as const),
  }
}

function answerPair({ trees, differences, steps }: PairComparison) {
  const findings = [...differences.keys(), ...steps.keys()]
  const names = [...trees].map(([name, { spanCount }]) => ({ name, spans: spanCount }))
  return {
    data: { traces: names, findings },
    text: fitLines(
      [
        `compared two traces: ${names.map(({ name, spans }) => `${quote(name)} ${spans} spans`).join(', ')}; the first is the reference`,
        ...renderFindings(findings),
      ],
      bytesMax,
      'ask trace for each of the two',
    ),
    outcome: [...differences.keys()].some(({ reason }) => reason === null)
      ? ('different' as const)
      : ('found' as const),
  }
}

/** What nobody declared comes first, in the order of failures, differences and times. */
function renderFindings(findings: readonly Finding[]): readonly string[] {
  const open = findings.filter(({ reason }) => reason === null)
  const declared = findings.filter(({ reason }) => reason !== null)
  return [
    open.length === 0
      ? 'nothing differs that nobody declared'
      : `${open.length} that nobody declared:`,
    ...open.map(({ id, kind, sentence }) => `${id} ${kind}: ${quote(sentence, sentenceCharsMax)}`),
    ...(declared.length > 0 ? [`${declared.length} that are declared, so expected:`] : []),
    ...[...Map.groupBy(declared, ({ group, reason }) => JSON.stringify([group, reason]))].flatMap(
      ([, own]) => renderDeclared(own),
    ),
  ]
}

/** Those that one reason stands for. */
function renderDeclared(own: readonly Finding[]): readonly string[] {
  const [first] = own
  if (first === undefined) return []
  const ids = own.slice(0, idsMax).map(({ id }) => id)
  const more = own.length > idsMax ? ` and ${own.length - idsMax} more` : ''
  return [
    `${quote(first.group)} ${ids.join(' ')}${more}: because ${quote(first.reason ?? '', 120)}`,
  ]
}

function countVerdicts({ operations }: GroupComparison['report']) {
  const counts = { alike: 0, unclear: 0, 'too-few': 0, slower: 0, faster: 0 }
  for (const { runtimes } of operations)
    for (const { versusReference } of runtimes)
      if (versusReference !== null) counts[versusReference.verdict] += 1
  return counts
}
