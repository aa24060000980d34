/** Those of the messages that are read quickly. */
const names = [
  'resourceSpans',
  'resource',
  'scopeSpans',
  'scope',
  'spans',
  'schemaUrl',
  'traceId',
  'spanId',
  'parentSpanId',
  'traceState',
  'flags',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
  'droppedAttributesCount',
  'events',
  'droppedEventsCount',
  'links',
  'droppedLinksCount',
  'status',
  'timeUnixNano',
  'code',
  'message',
  'key',
  'value',
  'stringValue',
  'intValue',
  'boolValue',
  'doubleValue',
  'bytesValue',
  'arrayValue',
  'kvlistValue',
] as const

/** A few times the number of names, so that most have the first place they ask for. */
const slotsMax = 256
const slots: string[] = new Array<string>(slotsMax).fill('')

/** A hash that can be made byte by byte; begin with 0. */
export function hashByte(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0
}

/** The name that these bytes are, as the one string that a `switch` compares at once; empty if it is none of them. */
export function findFieldName(hash: number, buffer: Buffer, start: number, end: number): string {
  for (let slot = toSlot(hash); ; slot = (slot + 1) & (slotsMax - 1)) {
    const name = slots[slot] ?? ''
    if (name === '' || isSameText(name, buffer, start, end)) return name
  }
}

/** Whether these bytes are this text, of ASCII. */
function isSameText(text: string, buffer: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== buffer[start + index]) return false
  }
  return true
}

function toSlot(hash: number): number {
  return (hash ^ (hash >>> 8)) & (slotsMax - 1)
}

for (const name of names) {
  let slot = toSlot(Buffer.from(name).reduce(hashByte, 0))
  while (slots[slot] !== '') slot = (slot + 1) & (slotsMax - 1)
  slots[slot] = name
}
