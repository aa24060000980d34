import { expect, test } from 'vitest'
import {
  buildTrace,
  createAttributes,
  request,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { hasTrustedTimes } from './trusted-times.ts'

const second = 1_000_000_000n

function judge(millis: number, clientMillis: number | null, clock: string) {
  const endNanos = server.startNanos + (BigInt(millis) * second) / 1000n
  const attributes = createAttributes({ 'hono.runtime.clock': clock })
  const trace = buildTrace({
    ...withSpans({ ...server, endNanos }),
    resource: { ...request.resource, attributes },
  })
  return hasTrustedTimes({ trace, clientMillis })
}

test('a server cannot take longer than its client waits, where its clock can be set', () => {
  expect(judge(3_600_967, 960, 'millisecond')).toBe(false)
  expect(judge(3_600_967, 960, 'io-only')).toBe(false)
  expect(judge(3_600_967, 960, 'precise')).toBe(true)
})

test('a span that ends before it begins took no time that can be told', () => {
  expect(judge(-1, 960, 'precise')).toBe(false)
})

test('what is within the wait, a little beyond it, or not to be compared, is trusted', () => {
  expect(judge(960, 961, 'millisecond')).toBe(true)
  expect(judge(1500, 960, 'millisecond')).toBe(true)
  expect(judge(3_600_967, null, 'millisecond')).toBe(true)
  expect(hasTrustedTimes({ trace: null, clientMillis: 1 })).toBe(true)
})

test('what the holder of the trace knows counts', () => {
  const trace = buildTrace()
  expect(hasTrustedTimes({ trace, clientMillis: 1, isDurationTrusted: false })).toBe(false)
})
