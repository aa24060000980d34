import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findLostReference } from './check-references.ts'
import { repositoryFolder } from './collector-binary.ts'
import { locateError } from './locate-error.ts'
import { configurations } from './validate-config.ts'

const own = 'observability/collector.yaml'
const read = (name: string) => ({
  name,
  text: readFileSync(join(repositoryFolder, name), 'utf8'),
})

test.each(configurations.map((files) => [files.join(' + '), files] as const))(
  'every name in %s stands for something',
  (_, files) => {
    expect(findLostReference(files.map(read))).toBeUndefined()
  },
)

test.each([
  ['[memory_limiter]', '[memory_limitr]', 'references processor "memory_limitr"'],
  ['receivers: [otlp]', 'receivers: [otpl]', 'references receiver "otpl"'],
  ['[span_metrics, forward/cleaned]', '[span_metric]', 'references exporter "span_metric"'],
  ['[health_check, ', '[health_chek, ', 'references extension "health_chek"'],
  ['storage: file_storage/queue', 'storage: file_storage/q', 'references storage "file_storage/q"'],
  ['\nprocessors:', '\nprocesors:', 'has invalid keys: procesors'],
  ['  pipelines:', '  pipeline:', 'must have at least one pipeline'],
])('%j → %j is found', (from, to, message) => {
  const { text } = read(own)
  const edited = { name: own, text: text.replace(from, to) }
  expect(edited.text).not.toBe(text)

  const lost = findLostReference([edited])

  expect(lost).toContain(message)
  expect(locateError(lost ?? '', [edited])).toMatch(/^observability\/collector\.yaml:\d+: /)
})

test('a file that is laid over another may bring what is referred to, or take it away', () => {
  const over = { name: 'over.yaml', text: 'service: { extensions: [health_check] }' }

  expect(findLostReference([read(own), over])).toContain('storage "file_storage/queue"')
})

test('a name out of the prototype of objects stands for nothing', () => {
  const text = 'service: { pipelines: { traces: { receivers: [constructor] } } }'

  expect(findLostReference([{ name: 'c.yaml', text }])).toContain('"constructor"')
})
