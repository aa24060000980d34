import { alikeRatioMax } from '../../latency/latency-verdict.ts'
import type { ReportBaseline } from '../report-schema.ts'

const percent = Math.round((alikeRatioMax - 1) * 100)

/** The latencies that surely changed by more than a tenth since the baseline, and how many others there are. */
export function foldLatencies(latency: ReportBaseline['latency']): readonly string[] {
  const changed = latency.filter(
    ({ ratio: { low, high } }) =>
      (low !== null && low > alikeRatioMax) || (high !== null && high < 1 / alikeRatioMax),
  )
  const others = latency.length - changed.length
  const sentences = changed.map(({ sentence }) => sentence)
  if (others === 0) return sentences
  const noun = changed.length === 0 ? 'compared' : others === 1 ? 'other' : 'others'
  return [
    ...sentences,
    `${others} ${noun}: surely changed by no more than ${percent} %, or too unsure to tell`,
  ]
}
