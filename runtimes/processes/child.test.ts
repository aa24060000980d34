import { expect, test } from 'vitest'
import { startChild } from './child.ts'

test('what a child writes reaches a terminal as text, whatever it holds', async () => {
  const lines: string[] = []
  const written = '\x1b[1;32ma\x1b[0m\x1b[2K\x1b[1Gnode | ready\x9b31m\u202e\tb\nc\x07'
  const child = await startChild({
    program: process.execPath,
    args: ['--eval', `process.stdout.write(${JSON.stringify(written)})`],
    onLine: (line) => lines.push(line),
  })
  await child.ended

  expect(lines).toEqual(['a\\u{1b}[2K\\u{1b}[1Gnode | ready\\u{9b}31m\\u{202e}  b', 'c\\u{7}'])
})
