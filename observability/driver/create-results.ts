import type { OperationResult } from '../comparison/operations/operation-result.ts'
import type { PlayedFacts } from '../comparison/operations/played-facts.ts'
import type { TraceTree } from '../comparison/trace/trace-tree.ts'
import { readRuntimeName } from '../otlp/shared/read-runtime-name.ts'
import { isLate, type Measurement } from './measure.ts'
import type { PlayedRequest } from './play/play-round.ts'

/** A target, by its given name and the runtime name on its own spans. */
export type NamedRuntime = {
  readonly name: string
  /** `null` if the spans name no runtime; see `readRuntimeName`. */
  readonly runtime: string | null
}

/** The played operations, by operation and runtime, with the traces that arrived. */
export function createResults(
  operations: readonly string[],
  runtimes: readonly string[],
  requests: readonly PlayedRequest[],
  traces: ReadonlyMap<string, TraceTree>,
): readonly OperationResult[] {
  return operations.flatMap((operation) =>
    runtimes.map((runtime) => ({
      operation,
      runtime,
      repetitions: select(requests, operation, runtime).map((request) => ({
        answer: request.answer,
        trace: traces.get(request.traceId) ?? null,
        clientMillis: request.error === null ? request.endedAt - request.sentAt : null,
        fault: request.fault,
      })),
    })),
  )
}

/** The measured facts of a result. */
export function createFacts(
  { operation, runtime, repetitions }: OperationResult,
  { requests, cold }: Pick<Measurement, 'requests' | 'cold'>,
): PlayedFacts {
  const own = select(requests, operation, runtime)
  const [first] = select(cold, operation, runtime)
  const example = own.find(({ isSent }) => isSent) ?? first
  return {
    operation,
    runtime,
    method: example?.method ?? '',
    path: example === undefined ? '' : new URL(example.url).pathname,
    coldMillis: first === undefined || first.error !== null ? null : first.endedAt - first.sentAt,
    latencyByRound: own.map((request) =>
      request.error === null && !isLate(request) ? request.endedAt - request.intendedAt : null,
    ),
    clientByRound: repetitions.map(({ clientMillis }) => clientMillis),
    traceByRound: repetitions.map(({ trace }) => trace),
  }
}

function select(
  requests: readonly PlayedRequest[],
  operation: string,
  runtime: string,
): readonly PlayedRequest[] {
  return requests.filter((one) => one.operation === operation && one.runtime === runtime)
}

/** The runtime that a target's spans name. */
export function nameRuntime(name: string, results: readonly OperationResult[]): NamedRuntime {
  for (const { runtime, repetitions } of results) {
    if (runtime !== name) continue
    for (const { trace } of repetitions) {
      for (const { resource } of trace?.roots ?? []) {
        const said = readRuntimeName(resource.attributes)
        if (said !== '') return { name, runtime: said }
      }
    }
  }
  return { name, runtime: null }
}
