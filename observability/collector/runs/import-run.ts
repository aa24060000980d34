import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeLogsJson, encodeTracesJson } from '../../otlp/encode-json.ts'
import { type FileContent, parseOtlpFile } from '../../otlp/parse-otlp-file.ts'
import { DecodeError } from '../../otlp/refusals/decode-error.ts'
import { problemAnswer, QueryProblem } from '../query/problem.ts'
import { decompress } from '../receive/decompress.ts'
import type { InFlight } from '../receive/in-flight.ts'
import { overloaded, readBody } from '../receive/read-body.ts'
import { Refusal } from '../receive/refusal.ts'
import type { Answer } from '../receive/respond.ts'
import type { ImportedItem, Runs } from './runs.ts'

/** Of a file that is imported, and again once it is decompressed. */
const importBytesMax = 48 * 1024 * 1024

export type ImportRun = (
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
) => Promise<Answer>

/** Takes a file of OTLP, gzip or not, as a run of its own: `POST /api/runs?name=…`. Never rejects. */
export function createImportRun(options: {
  readonly runs: Runs | undefined
  readonly inFlight: InFlight
  readonly bodyMillisMax: number
}): ImportRun {
  const { runs, inFlight, bodyMillisMax } = options

  async function take(request: IncomingMessage, response: ServerResponse, name: string) {
    if (runs === undefined)
      throw new QueryProblem(404, 'no runs are kept: the collector was started with --no-keep')
    const lease = inFlight.enter()
    if (lease === undefined) throw overloaded()
    try {
      const bounds = { bodyBytesMax: importBytesMax, bodyMillisMax }
      const body = await readBody(request, response, lease, bounds)
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
      return {
        status: 201,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id, spans, logRecords }),
      }
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
  return new QueryProblem(500, error instanceof Error ? error.message : String(error))
}

function toItems({ spans, logRecords }: FileContent): readonly ImportedItem[] {
  const items: ImportedItem[] = []
  const spanCount = count(spans)
  const logRecordCount = count(logRecords)
  const add = (signal: 'traces' | 'logs', text: string) =>
    items.push({
      record: { signal, encoding: 'json', isGzipped: false, body: Buffer.from(text) },
      spans: signal === 'traces' ? spanCount : 0,
      logRecords: signal === 'logs' ? logRecordCount : 0,
    })
  if (spanCount > 0) add('traces', encodeTracesJson(spans))
  if (logRecordCount > 0) add('logs', encodeLogsJson(logRecords))
  return items
}

type Groups = readonly { readonly scopes: readonly { readonly items: readonly unknown[] }[] }[]

function count(groups: Groups): number {
  return groups.reduce(
    (sum, { scopes }) => sum + scopes.reduce((own, { items }) => own + items.length, 0),
    0,
  )
}
