import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

const names = globSync('*.ts', { cwd: import.meta.dirname, exclude: ['*.test.ts', 'run.ts'] })
  .map((file) => basename(file, '.ts'))
  // Of which the others are made up.
  .filter((name) => !['example-traces', 'stock-telemetry'].includes(name))

function bench(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'run.ts'), ...args],
    { encoding: 'utf8' },
  )
  return { status, text: stdout + stderr }
}

test('--help lists every benchmark, and runs none', () => {
  const { status, text } = bench('--help')
  expect(status).toBe(0)
  for (const name of names) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'))
})

test.each(names)('%s --help says what it is for, and runs nothing', (name) => {
  const { status, text } = bench(name, '--help')
  expect(status, text).toBe(0)
  expect(text).toMatch(/option|--\w/)
})

test('what is no benchmark, and no option, is refused', () => {
  expect(bench('nope')).toMatchObject({ status: 2, text: expect.stringContaining('"nope"') })
  expect(bench('span-metrics', '--rounds', '2')).toEqual({
    status: 2,
    text: 'unknown option "--rounds": span-metrics takes none\n',
  })
})
