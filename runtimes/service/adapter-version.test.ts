import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { adapterVersion } from './adapter-version.ts'

test('the adapters have the version of package.json', () => {
  expect(adapterVersion).toBe(manifest.version)
})
