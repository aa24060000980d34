import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeLogsJson, encodeTracesJson } from '../../otlp/encode-json.ts'
import { parseOtlpFile } from '../../otlp/files/parse-otlp-file.ts'
import type { TraceDocument } from '../../otlp/files/parse-trace-document.ts'
import { DecodeError } from '../../otlp/refusals/decode-error.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import type { ImportedRun } from '../../wire/runs.ts'
import type { CollectorBounds } from '../bounds.ts'
import { jsonAnswer } from '../query/json-answer.ts'
import { problemAnswer, QueryProblem } from '../query/problem.ts'
import { decompress } from '../receive/decompress.ts'
import type { InFlight } from '../receive/in-flight.ts'
import { overloaded, readBody } from '../receive/read-body.ts'
import { Refusal } from '../receive/refusal.ts'
import type { Answer } from '../receive/respond.ts'
import { countItems } from '../status/counters.ts'
import type { RunCounts } from './run-writer.ts'
import type { ImportedItem, Runs } from './runs.ts'

/** Handles one upload of a file; the answer is the new run, or a problem document. */
export type ImportRun = (
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
) => Promise<Answer>

/** Takes a file of OTLP, gzip or not, as a run of its own: `POST /api/runs?name=…`. Never rejects. */
export function createImportRun(options: {
  readonly runs: Runs | undefined
  readonly inFlight: InFlight
  readonly bounds: Pick<CollectorBounds, 'bodyMillisMax' | 'importBytesMax'>
}): ImportRun {
  const { runs, inFlight } = options
  const { bodyMillisMax, importBytesMax } = options.bounds

  async function take(request: IncomingMessage, response: ServerResponse, name: string) {
    if (runs === undefined)
      throw new QueryProblem(404, 'no runs are kept: the collector was started with --no-keep')
    const lease = inFlight.enter()
    if (lease === undefined) throw overloaded()
    try {
      const body = await readBody(request, response, lease, {
        bodyBytesMax: importBytesMax,
        bodyMillisMax,
      })
      const isGzipped = body[0] === 0x1f && body[1] === 0x8b
      const items = parseOtlpFile(
        isGzipped ? decompress(body, 'gzip', importBytesMax) : body,
      ).flatMap(toItems)
      if (items.length === 0)
        throw new QueryProblem(400, `${name}: no span and no log record in it`)
      return await runs.import(name, items)
    } finally {
      lease.leave()
    }
  }

  return async (request, response, parameters) => {
    const name = (parameters.get('name') || 'a file').slice(0, 200)
    try {
      const { id, spans, logRecords } = await take(request, response, name)
      const imported: ImportedRun = { id, spans, logRecords }
      return { ...jsonAnswer(imported), status: 201 }
    } catch (error) {
      return problemAnswer(toProblem(error, name))
    }
  }
}

function toProblem(error: unknown, name: string): QueryProblem {
  if (error instanceof QueryProblem) return error
  if (error instanceof DecodeError) return new QueryProblem(400, `${name}: ${error.message}`)
  if (error instanceof Refusal)
    return new QueryProblem(error.status === 503 ? 503 : 400, `${name}: ${error.message}`)
  return new QueryProblem(500, describeError(error))
}

function toItems({ spans, logs }: TraceDocument): readonly ImportedItem[] {
  const item = (signal: 'traces' | 'logs', text: string, counts: RunCounts): ImportedItem => ({
    record: { signal, encoding: 'json', isGzipped: false, body: Buffer.from(text) },
    counts,
  })
  const [spanCount, recordCount] = [countItems(spans), countItems(logs)]
  return [
    ...(spanCount > 0
      ? [item('traces', encodeTracesJson(spans), { spans: spanCount, logRecords: 0 })]
      : []),
    ...(recordCount > 0
      ? [item('logs', encodeLogsJson(logs), { spans: 0, logRecords: recordCount })]
      : []),
  ]
}
