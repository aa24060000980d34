import * as v from 'valibot'
import { describeError } from '../../plumbing/describe-error.ts'
import { parseTraceJson } from '../trace/trace-json.ts'
import { type Report, reportSchema, reportVersion } from './report-schema.ts'

/** A compare.json larger than this was not written by a comparison of one API. */
export const reportBytesMax = 256 * 1024 * 1024

/**
 * Reads a compare.json.
 *
 * @throws In a sentence: that it is none, of which version it is, or where it is not as it
 *   should be.
 */
export function parseReport(text: string): Report {
  const json = parseJson(text)
  const head = v.safeParse(v.object({ format: v.string(), version: v.unknown() }), json)
  if (!head.success || head.output.format !== 'compare-report') {
    throw new Error('expected a compare.json, got something else')
  }
  if (head.output.version !== reportVersion) {
    throw new Error(
      `expected version ${reportVersion} of compare.json, got ${JSON.stringify(head.output.version)}; record it again with this version`,
    )
  }
  const parsed = v.safeParse(reportSchema, json)
  if (parsed.success) {
    checkTraces(parsed.output)
    return parsed.output
  }
  const [issue] = parsed.issues
  throw new Error(`${v.getDotPath(issue) ?? 'the top'}: ${issue.message}`)
}

/** Now, and not after a minute of measuring. */
function checkTraces({ operations }: Report): void {
  for (const [index, { runtimes }] of operations.entries()) {
    for (const [at, { trace }] of runtimes.entries()) {
      if (trace === null) continue
      try {
        parseTraceJson(trace)
      } catch (cause) {
        const reason = describeError(cause)
        throw new Error(`operations.${index}.runtimes.${at}.trace: ${reason}`, { cause })
      }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('expected JSON, got something else')
  }
}
