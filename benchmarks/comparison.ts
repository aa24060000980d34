// How long it takes to compare 100,000 traces, and how much memory that takes.
//
//   node benchmarks/comparison.ts [traces]
//
// Two runtimes, half of the traces each, every trace a server span with its statement, an event and
// 9 to 11 attributes each. "trees" is the work of building trees from decoded spans, which a real run
// does while it fetches; "comparison" is alignment and parity of every repetition with the usual one;
// "conventions" holds every span, event and resource to the semantic conventions.
// The time of a whole default comparison is printed by itself: time npm run compare.

import { judgeConventions } from '../observability/comparison/conventions/judge-conventions.ts'
import { compareOperations } from '../observability/comparison/operations/compare-operations.ts'
import type { Repetition } from '../observability/comparison/operations/operation-result.ts'
import { createTraceTree } from '../observability/comparison/trace/create-trace-tree.ts'
import {
  conventionsDefault,
  readRegistry,
} from '../observability/driver/conventions/read-registry.ts'
import type { ResourceSpans, Span } from '../observability/otlp/model.ts'
import { buildExampleTraces } from './example-traces.ts'

const traceCount = Number(process.argv[2] ?? 100_000)
const answer = { status: 200, headers: [], body: { format: 'empty' } } as const

/** Every `oddEach`-th trace of the second runtime lacks its statement, so that there is something to find. */
const oddEach = 50

function* splitTraces(groups: readonly ResourceSpans[]): Generator<readonly ResourceSpans[]> {
  const byTrace = new Map<string, { group: ResourceSpans; scope: number; span: Span }[]>()
  for (const group of groups) {
    for (const [scope, { items }] of group.scopes.entries()) {
      for (const span of items) {
        const parts = byTrace.get(span.traceId) ?? []
        byTrace.set(span.traceId, parts)
        parts.push({ group, scope, span })
      }
    }
  }
  for (const parts of byTrace.values()) {
    yield parts.map(({ group, scope, span }) => ({
      ...group,
      scopes: group.scopes.slice(scope, scope + 1).map((own) => ({ ...own, items: [span] })),
    }))
  }
}

function createRepetitions(seed: number, count: number, isOdd: (index: number) => boolean) {
  const repetitions: Repetition[] = []
  // Of the four operations of the example every fourth trace is the first.
  const traces = splitTraces(buildExampleTraces(seed, count * 4))
  let index = 0
  for (const spans of traces) {
    const isOurs = index % 4 === 0
    index += 1
    if (!isOurs) continue
    const kept = isOdd(repetitions.length) ? spans.slice(0, 1) : spans
    repetitions.push({ answer, trace: createTraceTree(kept), clientMillis: 1 + (index % 7) })
  }
  return repetitions
}

const half = Math.ceil(traceCount / 2)
const treesSince = performance.now()
const results = [
  { operation: 'get', runtime: 'node', repetitions: createRepetitions(0, half, () => false) },
  {
    operation: 'get',
    runtime: 'deno',
    repetitions: createRepetitions(1, half, (index) => index % oddEach === 0),
  },
]
const treesSeconds = (performance.now() - treesSince) / 1000
const heapBefore = process.memoryUsage().heapUsed
const since = performance.now()
const comparison = compareOperations(results)
const seconds = (performance.now() - since) / 1000
const registry = await readRegistry(conventionsDefault)
const conventionsSince = performance.now()
const conventions = judgeConventions(results, registry)
const conventionsSeconds = (performance.now() - conventionsSince) / 1000
const { rss, heapUsed } = process.memoryUsage()
const [found] = comparison.known.undeclared
const megabytes = (bytes: number) => Math.round(bytes / 1e6)
process.stdout.write(
  [
    `${2 * half} traces, ${4 * half} spans, node ${process.versions.node}`,
    `trees       ${treesSeconds.toFixed(1)} s`,
    `comparison  ${seconds.toFixed(1)} s, ${((seconds * 1e6) / (2 * half)).toFixed(1)} µs a trace`,
    `conventions ${conventionsSeconds.toFixed(1)} s, ${((conventionsSeconds * 1e6) / (2 * half)).toFixed(1)} µs a trace, ${conventions.findings.length} findings`,
    `memory      ${megabytes(heapUsed - heapBefore)} MB more than the traces themselves, resident ${megabytes(rss)} MB`,
    `found       ${found?.kind} in ${found?.occurrences?.count} of ${found?.occurrences?.of}`,
    '',
  ].join('\n'),
)
