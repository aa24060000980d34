import { afterAll, expect, test } from 'vitest'
import { allCases, goldenCases } from './cases/all-cases.ts'
import { goldenPath, listGolden, renderGolden } from './golden.ts'
import { explainDifferences, knownDeviations } from './known-deviations.ts'
import { checkTimes } from './replay/check-times.ts'
import { canonicalizeStep, compareResults, renderDifferences } from './replay/compare-results.ts'
import { replayOnCollector } from './replay/replay-on-collector.ts'
import { replayOnEmbedded } from './replay/replay-on-embedded.ts'

const totals = { cases: 0, requests: 0, series: 0, points: 0, known: 0, mismatches: 0 }

afterAll(() => {
  const { cases, requests, series, points, known, mismatches } = totals
  process.stdout.write(
    `\n  ${cases} cases, ${requests} requests: ${series} series and ${points} points compared, ` +
      `${mismatches} mismatches, ${known} differences of ${knownDeviations.length} known deviations\n\n`,
  )
})

// One after the other: each starts a Collector, and the machine is small.
test.each(allCases)('the same metrics come of $name', async (parityCase) => {
  const collectorResults = await replayOnCollector(parityCase)
  const embeddedResults = replayOnEmbedded(parityCase)
  const collector = collectorResults.map(canonicalizeStep)

  const { series, points, differences } = compareResults(
    collector,
    embeddedResults.map(canonicalizeStep),
  )

  const { unexplained, absent } = explainDifferences(parityCase.name, differences)
  totals.cases += 1
  totals.requests += parityCase.steps.reduce((sum, { send }) => sum + send.length, 0)
  totals.series += series
  totals.points += points
  totals.known += differences.length - unexplained.length
  totals.mismatches += unexplained.length
  expect(renderDifferences(unexplained), 'differences').toBe('')
  expect(absent, 'known deviations that did not occur').toEqual([])
  expect(points).toBeGreaterThan(0)
  expect(checkTimes(collectorResults), 'times of the Collector').toEqual([])
  expect(checkTimes(embeddedResults), 'times of the embedded collector').toEqual([])
  if (goldenCases.includes(parityCase)) {
    // `npm run test:collector -- -u` writes it anew.
    await expect(renderGolden(parityCase, collector)).toMatchFileSnapshot(
      goldenPath(parityCase.name),
    )
  }
})

test('no golden file is left of a case that is gone', () => {
  const names = goldenCases.map(({ name }) => name)
  expect(listGolden().filter((name) => !names.includes(name))).toEqual([])
})
