import { createTraceTree } from '../comparison/trace/create-trace-tree.ts'
import type { TraceTree } from '../comparison/trace/trace-tree.ts'
import { parseOtlpFile } from '../otlp/files/parse-otlp-file.ts'
import { parseTraceDocument, type TraceDocument } from '../otlp/files/parse-trace-document.ts'
import { AskError, type CollectorQuestions, type QuestionParameters } from './ask-collector.ts'

/**
 * All of one trace.
 *
 * @throws AskError that says how to find one, when it is not stored.
 */
export async function readTrace(
  collector: CollectorQuestions,
  { traceId, run }: { readonly traceId: string; readonly run?: string | undefined },
): Promise<TraceDocument> {
  try {
    const bytes = await collector.read(`/api/traces/${traceId.toLowerCase()}`, { run })
    return parseTraceDocument(bytes.toString('utf8'))
  } catch (error) {
    if (!(error instanceof AskError) || error.status !== 404) throw error
    throw new AskError(`${error.message}; find_traces lists those that are`, error.status)
  }
}

/** The tree of one trace. */
export async function readTree(
  collector: CollectorQuestions,
  wanted: Parameters<typeof readTrace>[1],
): Promise<TraceTree> {
  const { spans, logs } = await readTrace(collector, wanted)
  return createTraceTree(spans, logs)
}

/** The newest traces that fulfil conditions, as many as one comparison may read. */
export async function readTraces(
  collector: CollectorQuestions,
  conditions: QuestionParameters,
): Promise<readonly TraceDocument[]> {
  const bytes = await collector.read('/api/export', conditions)
  return bytes.length === 0 ? [] : parseOtlpFile(bytes)
}
