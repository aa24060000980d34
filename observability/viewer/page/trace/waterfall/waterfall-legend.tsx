import { partNames, type SegmentPart } from '../segments.ts'

/** What occurs in a waterfall: an entry of the legend stands for something that is there to be seen. */
export type Occurring = {
  readonly parts: ReadonlySet<SegmentPart>
  readonly hasFailures: boolean
  readonly hasEvents: boolean
  readonly hasLogs: boolean
  readonly hasImpossible: boolean
  /** Only a part of the time is shown. */
  readonly isCut: boolean
}

type Entry = {
  readonly mark: string
  readonly text: string
  readonly occurs: (occurring: Occurring) => boolean
}

const parts = ['server', 'database', 'wait', 'connect', 'client', 'other'] as const

/** In the order in which they are shown; `mark` is the class of a mark that the style sheet draws. */
const entries: readonly Entry[] = [
  ...parts.map((part) => ({
    mark: `swatch part-${part}`,
    text: partNames[part],
    occurs: (occurring: Occurring) => occurring.parts.has(part),
  })),
  { mark: 'swatch is-failure', text: 'failed', occurs: ({ hasFailures }) => hasFailures },
  { mark: 'event-mark', text: 'event', occurs: ({ hasEvents }) => hasEvents },
  { mark: 'log-mark', text: 'log record', occurs: ({ hasLogs }) => hasLogs },
  { mark: 'cross-mark', text: 'impossible time', occurs: ({ hasImpossible }) => hasImpossible },
  { mark: 'beyond-mark', text: 'outside of the time shown', occurs: ({ isCut }) => isCut },
]

/** What the colours, the hatching and the marks of the waterfall mean. */
export function WaterfallLegend({ occurring }: { readonly occurring: Occurring }) {
  return (
    <ul class="waterfall-legend" aria-label="Legend">
      {entries
        .filter(({ occurs }) => occurs(occurring))
        .map(({ mark, text }) => (
          <li key={text} class="legend">
            <i class={mark} aria-hidden="true" /> {text}
          </li>
        ))}
    </ul>
  )
}
