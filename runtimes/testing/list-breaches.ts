import { judgeConventions } from '../../observability/comparison/conventions/judge-conventions.ts'
import { createTraceTree } from '../../observability/comparison/trace/create-trace-tree.ts'
import {
  conventionsDefault,
  readRegistry,
} from '../../observability/driver/conventions/read-registry.ts'
import type { Runtime } from '../runtime.ts'
import type { ArrivedTrace } from './traces-for-test.ts'

const registry = await readRegistry(conventionsDefault)

/** What of a trace breaks the semantic conventions, but for what the runtime declares and what is merely its own. */
export function listBreaches({ spans, logs }: ArrivedTrace, runtime: Runtime): readonly string[] {
  const trace = createTraceTree(
    spans.map(({ span, ...sent }) => ({ ...sent, scopes: [{ ...sent, items: [span] }] })),
    logs.map(({ record, ...sent }) => ({ ...sent, scopes: [{ ...sent, items: [record] }] })),
  )
  const repetitions = [{ answer: null, trace, clientMillis: null }]
  const { findings } = judgeConventions(
    [{ operation: '', runtime: runtime.name, repetitions }],
    registry,
    { known: runtime.knownDifferences },
  )
  return findings
    .filter(({ severity, known }) => severity !== 'information' && known === null)
    .map(({ line }) => line)
}
