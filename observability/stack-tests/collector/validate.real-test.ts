import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { repositoryFolder } from './program/collector-binary.ts'
import { configurations, validateConfig } from './validate-config.ts'

const own = 'observability/stack/collector.yaml'

test.each(configurations.map((paths) => [paths.join(' + '), paths] as const))(
  'the Collector would start with %s',
  async (_, paths) => {
    expect(await validateConfig(paths)).toBeUndefined()
  },
)

test('a name that stands for nothing is told by the Collector itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otelcol-validate-'))
  const over = join(folder, 'over.yaml')
  writeFileSync(over, 'service: { pipelines: { traces: { processors: [nowhere] } } }')

  expect(await validateConfig([own, over])).toContain('references processor "nowhere"')
  rmSync(folder, { recursive: true })
})

test('both ways to deploy it remove the same from spans', () => {
  const [one, two] = [own, 'observability/stack/collector-two-tier-traces.yaml'].map(
    (name) =>
      parse(readFileSync(join(repositoryFolder, name), 'utf8')).processors[
        'transform/span_hygiene'
      ],
  )

  expect(one).toEqual(expect.objectContaining({ error_mode: 'ignore' }))
  expect(two).toEqual(one)
})
