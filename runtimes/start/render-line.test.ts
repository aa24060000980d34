import { styleText } from 'node:util'
import { describe, expect, test } from 'vitest'
import { renderLine } from './render-line.ts'

const render = (line: object | string) =>
  renderLine('node   ', typeof line === 'string' ? line : JSON.stringify(line), (_, text) => text)
const time = new Date(2026, 10, 28, 9, 5, 3, 7).toISOString()
const request = {
  time,
  event: 'request',
  status: 200,
  method: 'GET',
  path: '/items/7',
  millis: 1.2,
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
}
const failure = {
  time,
  severity: 'ERROR',
  event: 'request.failed',
  message: 'the request failed',
  trace_id: 'abc',
  'exception.type': 'TypeError',
  'exception.message': 'boom',
  'exception.stacktrace': 'TypeError: boom\n    at shop.ts:3:9\n    at pay\u001b[2K.ts:1:1',
}

describe('on a terminal', () => {
  test('a request is one short line, by the clock on the wall', () => {
    expect(render(request)).toBe(
      '09:05:03.007  node     200  GET /items/7  1.2 ms  4bf92f3577b34da6a3ce929d0e0e4736',
    )
  })

  test.each([
    [200, 'green'],
    [304, 'green'],
    [404, 'yellow'],
    [503, 'red'],
  ] as const)('a %i is %s', (status, color) => {
    const shown = renderLine('node', JSON.stringify({ ...request, status }), (format, text) =>
      styleText(format, text, { validateStream: false }),
    )
    expect(shown).toContain(styleText(color, String(status), { validateStream: false }))
  })

  test('a stack is a stack, and its error is not said twice', () => {
    expect(render(failure)).toBe(
      [
        '09:05:03.007  node     ERROR the request failed trace_id=abc',
        '    TypeError: boom',
        '        at shop.ts:3:9',
        '        at pay\\u{1b}[2K.ts:1:1',
      ].join('\n'),
    )
  })

  test('what a request logs that went well is left to its own line; what went ill is not', () => {
    const entry = { time, event: 'note.created', message: 'note created', note: 7 }
    expect(render({ ...entry, severity: 'INFO', trace_id: 'abc' })).toBeUndefined()
    expect(render({ ...entry, severity: 'INFO' })).toBe(
      '09:05:03.007  node     INFO note created note=7',
    )
    expect(render({ ...entry, severity: 'WARN', trace_id: 'abc' })).toBe(
      '09:05:03.007  node     WARN note created trace_id=abc note=7',
    )
  })

  test('a line that is another is shown as it is', () => {
    for (const line of ['<-- GET /', '{"a":1}', '{', '{"event":"request"}'])
      expect(render(line)).toBe(`node    | ${line}`)
  })

  test('a path of a stranger moves no cursor', () => {
    expect(render({ ...request, path: '/\u001b[2K\u202e' })).toContain('GET /\\u{1b}[2K\\u{202e}')
  })
})
