import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseReport } from '../../observability/comparison/report/parse-report.ts'
import { parseScenario } from '../../observability/driver/play/parse-scenario.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { runtimes } from '../runtimes.ts'
import { compareHelp, parseCompareArguments } from './compare-arguments.ts'
import { asksForStored, parseStoredArguments } from './stored-arguments.ts'

const docs = (name: string) => readFile(join(projectFolder, 'docs', name), 'utf8')

/** What follows `npm run compare --` on each line that has it, in words. */
function listCommands(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/npm run compare -- (.*)$/gm)].map(([, rest = '']) =>
    [...rest.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word),
  )
}

describe('docs/compare.md', () => {
  test('has only commands that are understood', async () => {
    const commands = listCommands((await docs('compare.md')).replaceAll('\\\n', ' '))
    expect(commands.length).toBeGreaterThanOrEqual(4)
    for (const args of commands) {
      const parse = asksForStored(args) ? parseStoredArguments : parseCompareArguments
      expect(() => parse(args), args.join(' ')).not.toThrow()
    }
  })

  test('names only options that --help lists', async () => {
    const named = new Set((await docs('compare.md')).match(/(?<=[\s`])--[a-z][a-z-]+/g))
    const foreign = ['--edit-last', '--create-if-none', '--body-file', '--end-of-options']
    for (const option of named) {
      if (!foreign.includes(option)) expect(compareHelp, option).toContain(option)
    }
  })

  test('has an example of a scenario that is one', async () => {
    const [, code = ''] =
      /```ts\n(import type \{ Scenario \}.*?)```/s.exec(await docs('compare.md')) ?? []
    const folder = await mkdtemp(join(tmpdir(), 'compare-docs-'))
    try {
      const file = join(folder, 'pets.ts')
      await writeFile(file, code)
      const { default: exported } = await import(pathToFileURL(file).href)
      expect(parseScenario(exported).operations.map(({ name }) => name)).toEqual([
        'create',
        'get',
        'list',
        'unknown',
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('docs/compare-workflow.yaml', () => {
  type Step = {
    readonly uses?: string
    readonly run?: string
    readonly if?: string
    readonly with?: Readonly<Record<string, unknown>>
  }
  type Workflow = {
    readonly on: Readonly<Record<string, unknown>>
    readonly permissions: Readonly<Record<string, string>>
    readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
  }

  test('compares by the action with inputs that it has, and comments even when that fails', async () => {
    // Its form is GitHub's; what is read of it is asserted below.
    const workflow = parse(await docs('compare-workflow.yaml')) as Workflow
    expect(Object.keys(workflow.on)).toEqual(['pull_request'])
    expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' })

    const steps = workflow.jobs.compare?.steps ?? []
    const at = steps.findIndex(({ uses }) => uses === './.github/actions/compare')
    const given = Object.entries(steps[at]?.with ?? {})
    const args = given.flatMap(([name, value]) => [`--${name}`, String(value)])
    expect(parseCompareArguments(args)).toMatchObject({
      failOn: { parity: true, latencyRatioMax: 2 },
    })
    const after = steps.slice(at + 1)
    expect(after).toHaveLength(1)
    for (const step of after) expect(step.if).toMatch(/^always\(\)/)
  })
})

test('the example in docs/ is one run of every runtime, in all four forms', async () => {
  const json = await docs('example-report/compare.json')
  const report = parseReport(json)
  expect(report.runtimes.map(({ name }) => name)).toEqual(runtimes.map(({ name }) => name))
  expect(report).toMatchObject({ status: 'complete', outcome: { exitCode: 0 } })
  expect(report.measurement.rejection).toBeNull()

  expect(await docs('example-report/compare.md')).toContain(report.createdAt)
  const page = await docs('example-report/index.html')
  const [, data = ''] =
    /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page) ?? []
  const { createdAt, differences, settings } = JSON.parse(json)
  expect(JSON.parse(data)).toMatchObject({ createdAt, differences, settings })
  const junit = await docs('example-report/junit.xml')
  expect(junit.match(/<testcase /g)).toHaveLength(report.operations.length * report.runtimes.length)
})
