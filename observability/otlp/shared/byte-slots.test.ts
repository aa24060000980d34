import { expect, test } from 'vitest'
import { ByteSlots } from './byte-slots.ts'

/** Asks for a text in a table of one slot, and brings it if it is not there; whether it was. */
function askFor(slots: ByteSlots<string>, text: string): boolean {
  const view = new DataView(Uint8Array.from(Buffer.from(text)).buffer)
  const slot = slots.find(view, 0, text.length)
  if (slots.read(slot, view, 0, text.length) === text) return true
  slots.write(slot, view, 0, text.length, text)
  return false
}

test('what is found between two newcomers keeps its place', () => {
  const slots = new ByteSlots<string>(1, 16)
  askFor(slots, 'often')

  for (const newcomer of ['path 1', 'path 2', 'path 3']) {
    expect(askFor(slots, 'often')).toBe(true)
    expect(askFor(slots, newcomer)).toBe(false)
  }
})

test('what is not found between them gives way', () => {
  const slots = new ByteSlots<string>(1, 16)
  for (const text of ['once', 'once', 'path 1', 'path 2']) askFor(slots, text)

  expect(askFor(slots, 'path 2')).toBe(true)
})

test('nothing is spared where the newest are those that come again', () => {
  const slots = new ByteSlots<string>(1, 16, false)
  for (const text of ['id 1', 'id 1', 'id 2']) askFor(slots, text)

  expect(askFor(slots, 'id 2')).toBe(true)
})
