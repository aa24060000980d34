import * as v from 'valibot'
import { escapeControls, escapeLines } from '../../observability/plumbing/escape-controls.ts'
import { requestEvent } from '../service/announce-requests.ts'

/** Takes a part of a line to what stands for it on a terminal. */
export type Style = (
  format: 'dim' | 'green' | 'yellow' | 'red' | 'bold' | 'cyan',
  text: string,
) => string

const requestLine = v.strictObject({
  time: v.string(),
  event: v.literal(requestEvent),
  status: v.number(),
  method: v.string(),
  path: v.string(),
  millis: v.number(),
  trace_id: v.optional(v.string(), ''),
})

const logLine = v.looseObject({
  time: v.string(),
  severity: v.string(),
  event: v.string(),
  message: v.string(),
  trace_id: v.optional(v.string()),
  'exception.stacktrace': v.optional(v.string()),
})

const line = v.pipe(v.string(), v.parseJson(), v.union([requestLine, logLine]))

/**
 * A line of a service for a person at a terminal: a request in short, a log line in words, its stack as a stack.
 *
 * @param part Its name, padded.
 * @returns Nothing for what a request has logged that went well: its own line says enough.
 */
export function renderLine(part: string, text: string, style: Style): string | undefined {
  const parsed = v.safeParse(line, text)
  if (!parsed.success) return `${style('dim', `${part} |`)} ${text}`
  const { output } = parsed
  const head = `${style('dim', renderTime(output.time))}  ${part}`
  if (!('severity' in output)) return `${head}  ${renderRequest(output, style)}`
  if (output.severity === 'INFO' && output.trace_id !== undefined) return undefined
  return `${head}  ${renderLog(output, style)}`
}

function renderRequest(request: v.InferOutput<typeof requestLine>, style: Style): string {
  const { status, method, path, millis, trace_id } = request
  const subject = escapeControls(`${method} ${path}`)
  return `${style(colorOf(status), String(status))}  ${subject}  ${millis} ms  ${style('dim', escapeControls(trace_id))}`
}

function colorOf(status: number): 'red' | 'yellow' | 'green' {
  if (status >= 500) return 'red'
  return status >= 400 ? 'yellow' : 'green'
}

const headKeys = ['time', 'severity', 'event', 'message', 'span_id']

function renderLog(log: v.InferOutput<typeof logLine>, style: Style): string {
  const { severity, message, 'exception.stacktrace': stack, ...rest } = log
  const facts = Object.entries(rest).filter(
    ([key]) => !headKeys.includes(key) && !(stack !== undefined && key.startsWith('exception.')),
  )
  const words = [message, ...facts.map(([key, value]) => `${key}=${value}`)].join(' ')
  const head = `${style(severity === 'INFO' ? 'dim' : 'red', severity)} ${escapeControls(words)}`
  if (stack === undefined) return head
  return `${head}\n${escapeLines(stack).replace(/^/gm, '    ')}`
}

/** Of a day, where this machine is. */
function renderTime(time: string): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime())
    ? escapeControls(time)
    : `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
