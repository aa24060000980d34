import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import application from '../application.ts'

// Not read from there, which a bundle would bring along whole.
test('the application has the version of package.json', () => {
  expect(application.version).toBe(manifest.version)
})
