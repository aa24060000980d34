import { type ComparisonOptions, compareOperations } from '../operations/compare-operations.ts'
import type { OperationResult } from '../operations/operation-result.ts'
import type { PlayedFacts } from '../operations/played-facts.ts'
import { buildReport, type RunFacts } from '../report/build-report.ts'
import type { Report } from '../report/report-schema.ts'
import { type AlikeResult, buildTrace, createResult } from './trace-fixture.ts'

/** A result of some operation on some runtime: 200, the base request's trace, one repetition. */
export function createAlike(
  operation: string,
  runtime: string,
  own: Partial<AlikeResult> = {},
): OperationResult {
  const answer = { status: 200, headers: [], body: { format: 'empty' } } as const
  return createResult({
    operation,
    runtime,
    answer,
    trace: buildTrace(),
    durationsMillis: [1.239],
    ...own,
  })
}

/** The report of a run in which just these results came. */
export function createReport(
  results: readonly OperationResult[],
  options: ComparisonOptions = {},
  own: Partial<RunFacts> = {},
): Report {
  const comparison = compareOperations(results, options)
  return buildReport(comparison, {
    createdAt: '2026-01-02T03:04:05.000Z',
    tool: { name: 'test', version: '1.2.3' },
    status: 'complete',
    problems: [],
    settings: {
      scenario: 'things',
      rounds: 1,
      warmUpRounds: 0,
      ratePerSecond: 10,
      seed: 1,
      traces: 'a test',
      hasLogs: true,
      isPaired: true,
      failOn: null,
      machine: { platform: 'test', cpu: 'test', cores: 2, node: '24' },
    },
    measurement: {
      roundsPlayed: 1,
      requests: 1,
      lateRequests: 0,
      lag: { p50Millis: 0.01, p99Millis: 0.1, maxMillis: 0.2 },
      rejection: null,
    },
    fanOuts: [],
    runtimes: [...new Set(results.map(({ runtime }) => runtime))].map((name) => ({
      name,
      kind: 'launched',
      url: 'http://127.0.0.1:1',
      readyMillis: 321,
    })),
    played: results.map(createFacts),
    ...own,
  })
}

function createFacts({ operation, runtime, repetitions }: OperationResult): PlayedFacts {
  return {
    operation,
    runtime,
    method: 'GET',
    path: `/${operation}`,
    coldMillis: 7.5,
    latencyByRound: repetitions.map(({ clientMillis }) => clientMillis),
    clientByRound: repetitions.map(({ clientMillis }) => clientMillis),
    traceByRound: repetitions.map(({ trace }) => trace),
  }
}
