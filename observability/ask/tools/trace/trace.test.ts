import { expect, test } from 'vitest'
import {
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../../collector/testing/build-telemetry.ts'
import { sendSpans } from '../../../collector/testing/send.ts'
import { startAskedCollector } from '../../testing/start-asked-collector.ts'

test('a trace of two services says whose a step is where it is not of the one above', async () => {
  await using asked = await startAskedCollector()
  const traceId = traceIdOf(1)
  const own = (n: number, name: string) =>
    buildSpan({ traceId, spanId: spanIdOf(n), parentSpanId: n === 1 ? '' : spanIdOf(n - 1), name })
  await sendSpans(asked, [
    buildGroup([own(1, 'POST /orders'), own(2, 'POST')], { service: 'shop', runtime: 'bun' }),
    buildGroup([own(3, 'POST /charge'), own(4, 'check')], { service: 'payments', runtime: 'bun' }),
  ])

  const { text } = await asked.ask('trace', { traceId })

  expect(text.split('\n').map((line) => line.replace(/ \d.*/, ''))).toEqual([
    expect.stringMatching(/^trace/),
    expect.stringMatching(/^root/),
    'nothing stands out',
    expect.stringMatching(/^steps/),
    '"POST /orders"',
    '  "POST"',
    '    "POST /charge" of "payments" on "bun"',
    '      "check"',
  ])
  expect(text).toMatch(/^root \w+ "POST \/orders" of "shop" on "bun", /m)
})
