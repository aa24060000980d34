import { judgeConventions } from '../../../comparison/conventions/judge-conventions.ts'
import registryData from '../../../comparison/conventions/registry/registries/1.44.json' with {
  type: 'json',
}
import { parseRegistry } from '../../../comparison/conventions/registry/registry.ts'
import type { ReportConventions } from '../../../comparison/conventions/report-conventions-schema.ts'
import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'

const registry = parseRegistry(registryData)

/** What of one trace breaks the semantic conventions. Brings the registry along, so it is imported on demand. */
export function judgeTrace(trace: TraceTree): ReportConventions {
  const repetition = { answer: null, trace, clientMillis: null }
  return judgeConventions([{ operation: '', runtime: '', repetitions: [repetition] }], registry)
}
