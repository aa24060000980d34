import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { repositoryFolder } from './collector-binary.ts'
import type { ConfigFile } from './locate-error.ts'
import { configurations, validateConfig } from './validate-config.ts'

const own = 'observability/collector.yaml'

function read(name: string): ConfigFile {
  return { name, text: readFileSync(join(repositoryFolder, name), 'utf8') }
}

test.each(configurations.map((files) => [files.join(' + '), files] as const))(
  'the Collector would start with %s',
  async (_, files) => {
    expect(await validateConfig(files.map(read))).toBeUndefined()
  },
)

describe('an invalid edit is reported with file and line', () => {
  /** What is written, what is written instead, on which of its lines, and what is said of it. */
  test.each([
    ['[memory_limiter]', '[memory_limitr]', 1, 'references processor "memory_limitr"'],
    ['\n  span_metrics:', '\n  span_metric:', 2, 'unknown type: "span_metric"'],
    ['unit: s #', 'unit: m #', 1, 'unknown Unit "m"'],
    ['0.5ms,', '0.5mss,', 1, 'time: unknown unit'],
    ['- name: http.route', '- name: span.name', 1, 'duplicate dimension name "span.name"'],
    ['- name: http.route', '- nme: http.route', 1, 'invalid keys: nme'],
    ['max_recv_msg_size_mib: 8', 'max_recv_msg_size_mib: eight', 1, "expected type 'int'"],
    ['    timeout: 10s', '   timeout: 10s', undefined, 'not valid YAML'],
    ['\nprocessors:', '\nprocessor:', 2, 'invalid keys: processor'],
    ['delete_matching_keys', 'delete_matching_kys', 1, 'undefined function "delete_matching_kys"'],
    ['limit_percentage: 80', 'limit_percentage: 180', 1, 'less than or equal to hundred'],
    ['storage: file_storage/queue', 'storage: file_storage/q', 1, 'storage "file_storage/q"'],
    ['[health_check, ', '[health_chek, ', 1, 'references extension "health_chek"'],
    ['[span_metrics, forward/cleaned]', '[span_metrics]', undefined, 'forward/cleaned'],
    ['- context: metric\n', '- context: metrics\n', 1, 'unknown context metrics'],
    ['max_size: 8192', 'max_size: 10', undefined, '`max_size` (10) must be greater'],
  ] as const)('%j → %j', async (from, to, lineOfEdit, message) => {
    const { text } = read(own)
    const at = text.indexOf(from)
    expect(at).toBeGreaterThan(0)
    const edited = text.replace(from, () => to)

    const problem = await validateConfig([{ name: own, text: edited }])

    expect(problem).toContain(message)
    const line = Number(/^observability\/collector\.yaml:(\d+): /.exec(problem ?? '')?.[1])
    const expected = text.slice(0, at).split('\n').length + (lineOfEdit ?? 1) - 1
    // Where the Collector quotes nothing of the edit, its surroundings are the best there is.
    if (lineOfEdit === undefined) expect(line).toBeGreaterThan(1)
    else expect(line).toBe(expected)
  })

  test('of a file that is laid over another, with its own name and line', async () => {
    const over = read('observability/collector-two-tier-span-metrics.yaml')
    const edited = over.text.replace('exporters: [nop]', 'exporters: [none]')

    expect(await validateConfig([read(own), { ...over, text: edited }])).toMatch(
      /^observability\/collector-two-tier-span-metrics\.yaml:\d+: .*references exporter "none"/,
    )
  })
})

test('both ways to deploy it remove the same from spans', () => {
  const [one, two] = [own, 'observability/collector-two-tier-traces.yaml'].map(
    (name) => parse(read(name).text).processors['transform/span_hygiene'],
  )

  expect(one).toEqual(expect.objectContaining({ error_mode: 'ignore' }))
  expect(two).toEqual(one)
})
