import { renderMillis } from '../trace/clock-trust.ts'
import type { Estimate } from './latency-summary.ts'
import {
  alikeRatioMax,
  type LatencyVerdict,
  type LeadingPart,
  verdictValuesMin,
} from './latency-verdict.ts'
import type { TimePartName } from './time-parts.ts'

/** A part of a request's time, at the end of a sentence. */
export const timePartPhrases: Readonly<Record<TimePartName, string>> = {
  network: 'network and queueing',
  server: 'work in the server',
  wait: 'waiting for a connection',
  connect: 'opening a connection',
  database: 'work in the database',
}

/**
 * The verdict in a plain sentence, such as `workers takes 1.84× the time of node on get (3.20 ms
 * more in the median; 95 % interval of the ratio 1.60–2.00), of which 71 % is opening a connection`. Claims no more than the verdict.
 */
export function renderLatencySentence(
  operation: string,
  runtime: string,
  reference: string,
  { verdict, ratio, differenceMillis, leadingPart }: LatencyVerdict,
): string {
  const interval = renderRatioInterval(ratio)
  switch (verdict) {
    case 'too-few':
      return `${runtime} on ${operation}: too few measurements for a verdict, at least ${verdictValuesMin} are needed`
    case 'alike': {
      const percent = Math.round((alikeRatioMax - 1) * 100)
      return `${runtime} takes as long as ${reference} on ${operation}, within ${percent} % (${interval})`
    }
    case 'unclear':
      return `${runtime} and ${reference} cannot be told apart on ${operation} (${interval})`
    case 'slower':
    case 'faster': {
      const size = renderMillis(Math.abs(differenceMillis))
      const cause = leadingPart === null ? '' : `, ${renderCause(leadingPart)}`
      const more = verdict === 'slower' ? 'more' : 'less'
      return `${runtime} takes ${renderTimes(ratio.value)} the time of ${reference} on ${operation} (${size} ${more} in the median; ${interval})${cause}`
    }
  }
}

/** Other parts may have become faster, so that one accounts for more than all of it. */
function renderCause({ part, share }: LeadingPart): string {
  const percent = Math.round(share.value * 100)
  const phrase = timePartPhrases[part]
  return percent >= 95 ? `nearly all of it ${phrase}` : `of which ${percent} % is ${phrase}`
}

/** A ratio as `1.84×`, with as many digits as the ends of its interval, so that it lies between them. */
export function renderTimes(ratio: number): string {
  return `${renderDigits(ratio)}×`
}

/** Two decimals, and fewer of larger numbers. */
export function renderDigits(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
}

function renderRatioInterval({ low, high }: Estimate): string {
  if (low === null || high === null) return 'the interval of the ratio is open'
  return `95 % interval of the ratio ${renderDigits(low)}–${renderDigits(high)}`
}
