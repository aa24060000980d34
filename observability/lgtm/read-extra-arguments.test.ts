import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryFolder } from '../collector-parity/collector-binary.ts'
import { readExtraArguments } from './read-extra-arguments.ts'

const path = join(repositoryFolder, 'compose.yaml')

test('what compose.yaml gives a program is one argument a word', () => {
  expect(readExtraArguments(path, 'PROMETHEUS_EXTRA_ARGS')).toContain(
    '--enable-feature=created-timestamp-zero-ingestion',
  )
  expect(readExtraArguments(path, 'LOKI_EXTRA_ARGS').length).toBeGreaterThan(1)
})

test('what compose.yaml does not set is an error', () => {
  expect(() => readExtraArguments(path, 'MIMIR_EXTRA_ARGS')).toThrow('expected MIMIR_EXTRA_ARGS')
})
