import { compareGroups, type GroupComparison } from '../compare/compare-groups.ts'
import { comparePair, type PairComparison } from '../compare/compare-pair.ts'
import type { Finding } from '../compare/finding.ts'
import { fitLines } from '../text/fit-lines.ts'
import { quote } from '../text/quote.ts'
import { compareArguments } from './compare-arguments.ts'
import { defineTool } from './define-tool.ts'

const bytesMax = 3_900
const sentenceCharsMax = 250
/** The kinds of findings in their order, and how many of each are shown. */
const kinds = [
  ['failure', 4],
  ['difference', 8],
  ['time', 7],
] as const
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
  const isNothing = report.operations.length === 0 && open.length === 0
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
        ...(isNothing
          ? ['nothing was compared']
          : renderFindings(findings, [...groups.keys()], reference)),
        `other times: ${verdicts.alike} alike, ${verdicts.unclear} unclear, ${verdicts['too-few']} with too few requests (20 of each are needed)`,
        ...notes.map((note) => `note: ${quote(note, sentenceCharsMax)}`),
      ],
      bytesMax,
      'narrow by where',
    ),
    outcome:
      open.length > 0
        ? ('different' as const)
        : isNothing
          ? ('nothing' as const)
          : ('found' as const),
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
        ...renderFindings(findings, [...trees.keys()]),
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
function renderFindings(
  findings: readonly Finding[],
  groups: readonly string[],
  reference = groups[0] ?? '',
): readonly string[] {
  const open = findings.filter(({ reason }) => reason === null)
  const declared = findings.filter(({ reason }) => reason !== null)
  return [
    open.length === 0
      ? 'nothing differs but what is declared'
      : `${open.length} that nobody declared:`,
    ...kinds.flatMap(([kind, shownMax]) =>
      renderKind(
        foldShared(
          open.filter((one) => one.kind === kind),
          groups.length - 1,
        ),
        shownMax,
        reference,
      ),
    ),
    ...(declared.length > 0 ? [`${declared.length} that are declared, so expected:`] : []),
    ...[...Map.groupBy(declared, ({ group, reason }) => JSON.stringify([group, reason]))].flatMap(
      ([, own]) => renderDeclared(own),
    ),
  ]
}

/** A finding, and whether all groups but the reference have the same. */
type Folded = { readonly finding: Finding; readonly isShared: boolean; readonly count: number }

/** What all others have, so that the reference is the odd one, comes first, and once. */
function foldShared(own: readonly Finding[], others: number): readonly Folded[] {
  const folded = [...Map.groupBy(own, ({ about }) => about).values()].flatMap((alike) => {
    const isShared = others > 1 && alike.length === others
    const kept = isShared ? alike.slice(0, 1) : alike
    return kept.map((finding) => ({ finding, isShared, count: isShared ? others : 1 }))
  })
  return [
    ...folded.filter(({ isShared }) => isShared),
    ...takeTurns(folded.filter(({ isShared }) => !isShared)),
  ]
}

function renderKind(
  own: readonly Folded[],
  shownMax: number,
  reference: string,
): readonly string[] {
  const shown = own.slice(0, shownMax)
  const more = own.slice(shownMax).reduce((sum, { count }) => sum + count, 0)
  return [
    ...shown.map(({ finding: { id, kind, sentence }, isShared }) => {
      const odd = isShared ? `, and the same on all others: ${quote(reference)} is the odd one` : ''
      return `${id} ${kind}: ${quote(sentence, sentenceCharsMax)}${odd}`
    }),
    ...(more > 0 ? [`and ${more} more of this kind: narrow by where`] : []),
  ]
}

/** The first of each group, then the second, so that no group hides the others. */
function takeTurns(all: readonly Folded[]): readonly Folded[] {
  return [...Map.groupBy(all, ({ finding }) => finding.group).values()]
    .flatMap((own) => own.map((one, turn) => ({ one, turn })))
    .sort((a, b) => a.turn - b.turn)
    .map(({ one }) => one)
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
