import * as v from 'valibot'
import { expect, test } from 'vitest'
import { declaredDifferencesSchema } from '../../wire/known-differences.ts'
import { logPageSchema } from '../../wire/logs.ts'
import { overviewSchema } from '../../wire/overview.ts'
import { problemSchema } from '../../wire/problem.ts'
import { runsSchema } from '../../wire/runs.ts'
import { runtimesSchema, servicesSchema } from '../../wire/sources.ts'
import { collectorStatusSchema } from '../../wire/status.ts'
import { tracePageSchema } from '../../wire/traces.ts'
import { tryTargetsSchema } from '../../wire/try.ts'
import { buildGroup, buildLogRecord, buildSpan, traceIdOf } from '../testing/build-telemetry.ts'
import { sendLogs, sendSpans } from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'
import { parseDeclaredDifferences } from './declared-differences.ts'

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

test('what is answered about the collector itself has the fields that wire/ says, and no others', async () => {
  await using collector = await startTestCollector({
    forward: { endpoint: 'http://127.0.0.1:9', headers: {} },
    declared: parseDeclaredDifferences([known], 'node'),
  })
  await sendSpans(collector, [buildGroup([buildSpan({ kind: 2 })])])

  v.parse(collectorStatusSchema, await ask(collector, '/api/status'))
  const { services } = v.parse(servicesSchema, await ask(collector, '/api/services'))
  const { runtimes } = v.parse(runtimesSchema, await ask(collector, '/api/runtimes'))
  const declared = v.parse(
    declaredDifferencesSchema,
    await ask(collector, '/api/known-differences'),
  )
  v.parse(tryTargetsSchema, await ask(collector, '/api/try'))
  v.parse(runsSchema, await ask(collector, '/api/runs'))
  v.parse(problemSchema, await ask(collector, '/api/nothing'))
  expect([services.length, runtimes.length, declared.known.length]).toEqual([1, 1, 1])
})

const known = '{"runtime":"bun","reason":"no pool","matches":{"kind":"span.extra"}}'
