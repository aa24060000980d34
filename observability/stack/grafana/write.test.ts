import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../../..')

test('the dashboards in the repository are what their sources say', () => {
  expect(run(repository, '--check')).toEqual({
    exitCode: 0,
    output: 'observability/stack/grafana/dashboards: 2 dashboards as their sources say\n',
  })
})

describe('in a copy of the repository', () => {
  test('a dashboard that was edited by hand is one sentence and exit code 1', () => {
    using copy = copyRepository()
    appendFileSync(join(copy.dashboards, 'service-overview.json'), ' ')

    const { exitCode, output } = run(copy.folder, '--check')

    expect(exitCode).toBe(1)
    expect(output).toMatch(
      /^observability\/stack\/grafana\/dashboards: service-overview\.json differs from its source at line \d+; run `npm run dashboards`\n$/,
    )
  })

  test('a missing one and a stray one are told, and a missing folder is not an error of ours', () => {
    using copy = copyRepository()
    rmSync(join(copy.dashboards, 'service-overview.json'))
    writeFileSync(join(copy.dashboards, 'stray.json'), '{}')

    expect(run(copy.folder, '--check')).toEqual({
      exitCode: 1,
      output:
        'observability/stack/grafana/dashboards: service-overview.json is missing; stray.json belongs to no dashboard; run `npm run dashboards`\n',
    })
    rmSync(copy.dashboards, { recursive: true })
    expect(run(copy.folder, '--check').output).toContain('runtimes-compared.json is missing')
  })

  test('writing makes them the same again, byte for byte', () => {
    using copy = copyRepository()
    rmSync(copy.dashboards, { recursive: true })

    expect(run(copy.folder).exitCode).toBe(0)

    const committed = join(import.meta.dirname, 'dashboards')
    expect(readdirSync(copy.dashboards)).toEqual(readdirSync(committed))
    for (const name of readdirSync(committed)) {
      const text = readFileSync(join(copy.dashboards, name), 'utf8')
      expect(text).toBe(readFileSync(join(committed, name), 'utf8'))
      expect(text.endsWith('}\n')).toBe(true)
    }
  })
})

test('help is printed, and an unknown flag is a sentence and exit code 2', () => {
  expect(run(repository, '--help').output).toContain('--check')
  const { exitCode, output } = run(repository, '--chek')
  expect(exitCode).toBe(2)
  expect(output).toMatch(/^dashboards: .*--chek.*\n$/)
})

function run(folder: string, ...args: string[]): { exitCode: number | null; output: string } {
  const program = join(folder, 'observability/stack/grafana/write.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  })
  return { exitCode: status, output: stdout + stderr }
}

function copyRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'dashboards-test-'))
  const grafana = join(folder, 'observability/stack/grafana')
  mkdirSync(grafana, { recursive: true })
  cpSync(import.meta.dirname, grafana, { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    dashboards: join(grafana, 'dashboards'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
