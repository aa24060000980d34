import type { ParityCase } from '../replay/parity-case.ts'
import { attributeCases } from './attribute-cases.ts'
import { dimensionCases } from './dimension-cases.ts'
import { durationCases } from './duration-cases.ts'
import { createGeneratedCases } from './generated-cases.ts'
import { limitCases } from './limit-cases.ts'
import { recordedCases } from './recorded-cases.ts'
import { resourceCases } from './resource-cases.ts'

/** One for each way to configure the connector; more seeds are for where there is a Collector. */
const goldenSeeds = 4
const seeds = 40

/** Recorded for machines without the Collector. */
export const goldenCases: readonly ParityCase[] = [
  ...recordedCases,
  ...attributeCases,
  ...dimensionCases,
  ...durationCases,
  ...resourceCases,
  ...limitCases.filter(({ isLarge }) => isLarge !== true),
  ...createGeneratedCases(goldenSeeds),
]

/** Played on both collectors, if both exist. */
export const allCases: readonly ParityCase[] = [
  ...goldenCases,
  ...limitCases.filter(({ isLarge }) => isLarge === true),
  ...createGeneratedCases(seeds).slice(goldenSeeds),
]
