import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { projectFolder } from '../processes/project-folder.ts'

// The action as far as it goes without GitHub: its form, and its scripts in the shell and with the files that GitHub
// gives them. What is not run is the upload.

const text = v.optional(v.record(v.string(), v.string()), {})
const actionSchema = v.object({
  inputs: v.record(v.string(), v.strictObject({ description: v.string(), default: v.string() })),
  outputs: v.record(v.string(), v.object({ value: v.string() })),
  runs: v.object({
    using: v.literal('composite'),
    steps: v.array(
      v.object({
        name: v.string(),
        id: v.optional(v.string()),
        shell: v.optional(v.literal('bash')),
        uses: v.optional(v.string()),
        run: v.optional(v.string()),
        env: text,
        with: text,
      }),
    ),
  }),
})

const actionFolder = join(projectFolder, '.github', 'actions', 'compare')
let action: v.InferOutput<typeof actionSchema>
let folder = ''
beforeAll(async () => {
  action = v.parse(actionSchema, parse(await readFile(join(actionFolder, 'action.yml'), 'utf8')))
  folder = await mkdtemp(join(tmpdir(), 'compare-action-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Twenty requests of a service that asks its database so many times for each. */
function buildRequests(statements: number): string {
  const lines = Array.from({ length: 20 }, (_, n) => {
    const traceId = `${n + 1}`.padStart(32, '0')
    const span = (id: number, own: object) => ({
      traceId,
      spanId: `${id}`.padStart(16, '0'),
      startTimeUnixNano: `${1_796_000_000_000_000_000n + BigInt(id)}`,
      endTimeUnixNano: `${1_796_000_000_010_000_000n + BigInt(n)}`,
      ...own,
    })
    const queries = Array.from({ length: statements }, (_query, index) =>
      span(2 + index, { name: 'SELECT carts', kind: 3, parentSpanId: '1'.padStart(16, '0') }),
    )
    const spans = [span(1, { name: 'GET /cart', kind: 2 }), ...queries]
    return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
  })
  return `${lines.join('\n')}\n`
}

type Ended = { readonly code: number; readonly output: string }

function runScript(script: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
      { cwd: folder, env: { ...process.env, NO_COLOR: '1', ...env } },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : 0,
          output: `${stdout}${stderr}`,
        }),
    )
  })
}

/** Runs the steps of the action as GitHub does, each after the other; gives how it ended and what it left. */
async function runAction(inputs: Readonly<Record<string, string>>) {
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  }
  for (const path of Object.values(files)) await writeFile(path, '')
  const outputs: Record<string, string> = {}
  const read = (expression: string) =>
    expression.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => {
      const [, input] = /^inputs\.(.+)$/.exec(name) ?? []
      if (input !== undefined) return inputs[input] ?? action.inputs[input]?.default ?? ''
      const [, output] = /^steps\.compare\.outputs\.(.+)$/.exec(name) ?? []
      return outputs[output ?? ''] ?? ''
    })
  let last: Ended = { code: 0, output: '' }
  for (const { run, env } of action.runs.steps) {
    if (run === undefined) continue
    const own = Object.entries(env).map(([name, value]) => [name, read(value)] as const)
    last = await runScript(run, {
      ...files,
      RUNNER_TEMP: folder,
      GITHUB_ACTION_PATH: actionFolder,
      ...Object.fromEntries(own),
    })
    for (const line of (await readFile(files.GITHUB_OUTPUT, 'utf8')).split('\n')) {
      const [, name = '', value = ''] = /^([\w-]+)=(.*)$/.exec(line) ?? []
      if (name !== '') outputs[name] = value
    }
    if (last.code !== 0) break
  }
  return { ...last, outputs, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') }
}

describe('the action', () => {
  test('puts no input into a script, and every input to use and into docs', async () => {
    const docs = await readFile(join(projectFolder, 'docs', 'compare.md'), 'utf8')
    for (const { run } of action.runs.steps) expect(run ?? '').not.toContain('${{')
    const used = JSON.stringify(action.runs.steps)
    for (const name of Object.keys(action.inputs)) {
      expect(used, name).toContain(`inputs.${name} }`)
      expect(docs, name).toContain(`\`${name}\``)
    }
  })

  test('keeps the report before it fails', () => {
    const at = (name: string) => action.runs.steps.findIndex((step) => step.name === name)
    expect(action.runs.steps[at('Keep the report')]?.uses).toMatch(/^actions\/upload-artifact@/)
    expect(at('Keep the report')).toBeLessThan(at('Fail as told'))
  })

  test('compares files, writes the summary, and fails as told', async () => {
    await writeFile(join(folder, 'monday.jsonl'), buildRequests(1))
    await writeFile(join(folder, 'tuesday (new).jsonl'), buildRequests(2))
    const files = 'monday.jsonl\ntuesday (new).jsonl\n'
    const failed = await runAction({ files })
    expect(failed.outputs).toMatchObject({
      'exit-code': '1',
      verdict: expect.stringMatching(/^FAIL {2}1 operation on 2 groups: 0 same, 0 known, 1/),
    })
    expect(failed.code).toBe(1)
    expect(failed.summary).toMatch(/^## Traces across runtimes: FAIL\n/)
    expect(failed.summary).toContain('span is extra')

    const passed = await runAction({ files, 'fail-on': 'none', reference: 'tuesday (new).jsonl' })
    expect(passed).toMatchObject({ code: 0, outputs: { 'exit-code': '0' } })
    expect(passed.summary).toContain('span is missing')
  }, 60_000)

  test('that could not run says so, and shows no report of before', async () => {
    const { code, summary, outputs } = await runAction({ files: 'nowhere.jsonl\nnor-here.jsonl' })
    expect([code, outputs['exit-code']]).toEqual([2, '2'])
    expect(summary).toBe('The comparison could not run; its log says why.\n')
  }, 60_000)
})
