import * as v from 'valibot'
import { expect, test } from 'vitest'
import { logPageSchema } from '../../wire/logs.ts'
import { overviewSchema } from '../../wire/overview.ts'
import { tracePageSchema } from '../../wire/traces.ts'
import { buildGroup, buildLogRecord, buildSpan, traceIdOf } from '../testing/build-telemetry.ts'
import { sendLogs, sendSpans } from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

test('what is answered has the fields that wire/ says, and no others', async () => {
  await using collector = await startTestCollector()
  await sendSpans(collector, [buildGroup([buildSpan({ kind: 2 })])])
  await sendLogs(collector, [buildGroup([buildLogRecord({ traceId: traceIdOf(1) })])])

  const traces = v.parse(tracePageSchema, await ask(collector, '/api/traces?limit=1'))
  const logs = v.parse(logPageSchema, await ask(collector, '/api/logs?limit=1'))
  const overview = v.parse(
    overviewSchema,
    await ask(collector, '/api/overview?start=2026-01-01T00:00:00Z'),
  )
  expect([traces.traces.length, logs.logs.length, overview.operations.length]).toEqual([1, 1, 1])
})
