import { valueDepthMax } from '../../../../comparison/trace/attribute-value.ts'
import type { AnyValue } from '../../../../otlp/model.ts'

/** A value for a reader, on one line and next to its type: text without quotes, maps and lists as JSON has them. */
export function renderAttributeText(value: AnyValue): string {
  return typeof value === 'string' ? value : value === null ? '' : renderInside(value, 0)
}

/** The same with a line for each member of a map or a list, also of one that was sent as text in JSON. */
export function renderAttributeLines(value: AnyValue): string {
  const text = renderAttributeText(value)
  return typeof value === 'string' && !isJson(value) ? text : breakLines(text)
}

function renderInside(value: AnyValue, depth: number): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Uint8Array) return renderBytes(value)
  if (typeof value !== 'object') return String(value)
  if (depth >= valueDepthMax) return '"…"'
  if ('values' in value)
    return `[${value.values.map((item) => renderInside(item, depth + 1)).join(', ')}]`
  const entries = value.entries.map(
    (entry) => `${JSON.stringify(entry.key)}: ${renderInside(entry.value, depth + 1)}`,
  )
  return `{${entries.join(', ')}}`
}

/** In hex; and as text, where they are one. */
function renderBytes(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const text = new TextDecoder().decode(bytes)
  // Anything but letters, digits, signs and spaces would show as nothing.
  return /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(text) && !text.includes('\uFFFD')
    ? `${hex} (${JSON.stringify(text)})`
    : hex
}

/** A longer text is shown as it came. */
const brokenCharsMax = 100_000

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text) || text.length > brokenCharsMax) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Only spaces change: a number keeps all its digits, and a key that comes twice is there twice. */
function breakLines(text: string): string {
  if (text.length > brokenCharsMax) return text
  const token = /"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],]|:\s*|\s+|[^"{}[\],:\s]+/gy
  let depth = 0
  let lines = ''
  for (const [part] of text.matchAll(token)) {
    if (part === '{' || part === '[') depth += 1
    if (part === '}' || part === ']') depth -= 1
    const line = `\n${'  '.repeat(Math.max(0, depth))}`
    if (part === '}' || part === ']') lines += line + part
    else if (part === '{' || part === '[' || part === ',') lines += part + line
    else if (part.startsWith(':')) lines += ': '
    else if (/^\s+$/.test(part)) lines += /[\s]$/.test(lines) ? '' : ' '
    else lines += part
  }
  return lines
}
