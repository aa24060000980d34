import { describe, expect, test } from 'vitest'
import { goldenCases } from './cases/all-cases.ts'
import { hashInput, listGolden, readGolden } from './golden.ts'
import { explainDifferences, knownDeviations } from './known-deviations.ts'
import { canonicalizeStep, compareResults, renderDifferences } from './replay/compare-results.ts'
import { replayOnEmbedded } from './replay/replay-on-embedded.ts'

// What `npm run test:collector` wrote down of the real Collector, for machines without one.

describe('as the OpenTelemetry Collector did', () => {
  test.each(goldenCases)('$name', (parityCase) => {
    const golden = readGolden(parityCase.name)

    const { differences, points } = compareResults(
      golden.steps,
      replayOnEmbedded({ ...parityCase, config: golden.config }).map(canonicalizeStep),
    )

    expect(hashInput(parityCase), 'the requests that the golden file is of').toBe(golden.input)
    const { unexplained, absent } = explainDifferences(parityCase.name, differences)
    expect(renderDifferences(unexplained), 'differences').toBe('')
    expect(absent, 'known deviations that did not occur').toEqual([])
    expect(points).toBeGreaterThan(0)
  })
})

test('every case has its golden file, and every golden file its case', () => {
  expect(listGolden()).toEqual(goldenCases.map(({ name }) => name).sort())
})

test('every known deviation has a case that shows it', () => {
  const names = goldenCases.map(({ name }) => name)
  for (const { cases } of knownDeviations) {
    expect(cases).not.toEqual([])
    expect(names).toEqual(expect.arrayContaining([...cases]))
  }
})
