import type { ParityCase } from '../replay/parity-case.ts'
import { connectorConfig, readOwnConfig, withoutInstance } from './configs.ts'
import { ids, span, webSpans } from './otlp-json.ts'
import { createRandom } from './random.ts'

/** A name for each, so that a wrong bucket cannot hide in a sum. */
function spansLasting(durations: readonly bigint[]): readonly object[] {
  return durations.map((nanos) => span({ name: `${nanos} ns`, nanos }))
}

function around(nanos: bigint): readonly bigint[] {
  return [nanos - 1n, nanos, nanos + 1n]
}

const boundsMicros = [
  500, 1000, 2000, 3000, 5000, 7500, 10_000, 15_000, 20_000, 30_000, 50_000, 75_000, 100_000,
  150_000, 200_000, 300_000, 500_000, 750_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
]

/** Where doubles are sparser than nanoseconds: 104 days and up. */
const hugeNanos = [
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 53n + 2n,
  2n ** 53n + 3n,
  2n ** 54n + 2n,
  2n ** 54n + 6n,
  2n ** 62n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
]

export const durationCases: readonly ParityCase[] = [
  {
    name: 'durations-on-and-around-bounds',
    config: readOwnConfig(),
    steps: [
      {
        send: [
          webSpans(...spansLasting([0n, 1n])),
          webSpans(
            ...spansLasting(boundsMicros.flatMap((micros) => around(BigInt(micros) * 1000n))),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'durations-that-are-not',
    config: readOwnConfig(),
    steps: [
      {
        send: [
          webSpans(
            span({ name: 'negative', nanos: -1n }),
            span({ name: 'very negative', startNanos: 2n ** 64n - 1n, nanos: -(2n ** 64n - 1n) }),
            span({ name: 'no start', startNanos: 0n, nanos: 5n }),
            span({ name: 'no end', startNanos: 5n, nanos: -5n }),
            span({ name: 'no times', startNanos: 0n, nanos: 0n }),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'durations-beyond-doubles',
    config: connectorConfig({
      ...withoutInstance,
      histogram: {
        unit: 's',
        explicit: {
          buckets: [
            '1ns',
            '3ns',
            '9007199254740991ns',
            '9007199254740993ns',
            '18014398509481986ns',
            '9223372036854775807ns',
          ],
        },
      },
    }),
    steps: [
      {
        send: [
          webSpans(
            ...[1n, 2n, 3n, 4n, ...hugeNanos].map((nanos) =>
              span({ name: `${nanos} ns`, startNanos: 0n, nanos }),
            ),
          ),
          webSpans(...hugeNanos.map((nanos) => span({ name: 'all', startNanos: 0n, nanos }))),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'sums-to-the-last-digit',
    config: readOwnConfig(),
    steps: Array.from({ length: 3 }, (_, step) => {
      const random = createRandom(step)
      const spans = Array.from({ length: 400 }, (__, index) =>
        span({ ...ids(step * 1000 + index), nanos: BigInt(random.int(20_000_000_000)) }),
      )
      return { send: [webSpans(...spans)] }
    }),
  },
  {
    name: 'milliseconds-and-default-bounds',
    config: connectorConfig({}),
    steps: [
      {
        send: [
          webSpans(
            ...spansLasting(
              [
                2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000,
              ].flatMap((millis) => around(BigInt(millis) * 1_000_000n)),
            ),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'default-bounds-in-seconds',
    config: connectorConfig({ ...withoutInstance, histogram: { unit: 's' } }),
    steps: [
      {
        send: [webSpans(...spansLasting(around(2_000_000n)), ...spansLasting(around(6_000_000n)))],
      },
    ],
  },
  {
    name: 'no-bounds-at-all',
    config: connectorConfig({ ...withoutInstance, histogram: { explicit: { buckets: [] } } }),
    steps: [{ send: [webSpans(span(), span({ nanos: 0n }))] }, { send: [] }],
  },
]
