import { exactQuantiles } from '../../../comparison/statistics/exact-quantile.ts'
import { renderMillis, renderRoundMillis } from '../../../comparison/trace/clock-trust.ts'
import { createNiceScale } from '../charts/nice-scale.ts'
import { runtimeClass } from '../chrome/runtime-name.tsx'
import type { ComparedLane } from './compared-operation.ts'

const rowHeight = 26
const dotsMax = 400

/**
 * Every duration as a dot, one row for each lane on one scale, with the middle half as a band and
 * marks at the median and the 95th percentile.
 *
 * The scale ends a little behind the largest 95th percentile: one outlier would press the rest into a line. An arrow
 * tells how many values lie beyond.
 */
export function Distribution({
  lanes,
  heading: Heading,
}: {
  readonly lanes: readonly ComparedLane[]
  readonly heading: 'h2' | 'h3'
}) {
  const shown = lanes.filter(({ durationsMillis }) => durationsMillis.length > 1)
  if (shown.length === 0) return null
  const largest = Math.max(
    ...shown.map(({ durationsMillis }) => exactQuantiles(durationsMillis, [0.95])[0] ?? 0),
  )
  const scale = createNiceScale(largest * 1.15, 'millis')
  return (
    <figure class="distribution">
      <figcaption>
        <Heading class="part-title">Distribution</Heading>
        <span class="muted">
          each request a dot; band: middle half; bold line: p50, thin line: p95
        </span>
      </figcaption>
      <div class="distribution-rows">
        {shown.map((lane) => (
          <div key={lane.name} class={`distribution-row ${runtimeClass(lane.runtime)}`}>
            <span class="runtime">
              <i class="dot" aria-hidden="true" /> {lane.name}
            </span>
            <Strip lane={lane} max={scale.max} />
          </div>
        ))}
        <div class="distribution-row is-axis" aria-hidden="true">
          <span />
          <span class="distribution-axis">
            {scale.ticks.map((tick) => (
              <i key={tick} style={{ left: `${(tick / scale.max) * 100}%` }}>
                {renderRoundMillis(tick)}
              </i>
            ))}
          </span>
        </div>
      </div>
    </figure>
  )
}

function Strip({ lane, max }: { readonly lane: ComparedLane; readonly max: number }) {
  const { durationsMillis } = lane
  const [p25 = 0, p50 = 0, p75 = 0, p95 = 0] = exactQuantiles(
    durationsMillis,
    [0.25, 0.5, 0.75, 0.95],
  )
  const beyond = durationsMillis.filter((millis) => millis > max).length
  const step = Math.max(1, Math.ceil(durationsMillis.length / dotsMax))
  const dots = durationsMillis.filter((millis, index) => index % step === 0 && millis <= max)
  const x = (millis: number) => `${(Math.min(millis, max) / max) * 100}%`
  const text = `${lane.name}: p50 ${renderMillis(p50)}, p95 ${renderMillis(p95)}, ${durationsMillis.length} requests`
  return (
    <svg class="strip" height={rowHeight} width="100%" role="img" aria-label={text}>
      <title>{text}</title>
      <rect
        class="strip-band"
        x={x(p25)}
        width={`${((Math.min(p75, max) - Math.min(p25, max)) / max) * 100}%`}
        y={4}
        height={rowHeight - 8}
      />
      {dots.map((millis, index) => (
        <circle
          key={index}
          class="strip-dot"
          cx={x(millis)}
          cy={rowHeight / 2 + jitter(index) * (rowHeight / 2 - 5)}
          r={2}
        />
      ))}
      <line class="strip-p50" x1={x(p50)} x2={x(p50)} y1={2} y2={rowHeight - 2} />
      {p95 <= max && <line class="strip-p95" x1={x(p95)} x2={x(p95)} y1={4} y2={rowHeight - 4} />}
      {beyond > 0 && (
        <text class="axis" x="100%" y={10} text-anchor="end">
          {beyond} beyond →
        </text>
      )}
    </svg>
  )
}

/** From -1 to 1 without a pattern that the eye would find, and the same each time. */
function jitter(index: number): number {
  return ((index * 0.618_033_988_7) % 1) * 2 - 1
}
