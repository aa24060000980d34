import { expect, test } from 'vitest'
import { readRuntimeName } from './read-runtime-name.ts'

const named = (attributes: Readonly<Record<string, string>>) =>
  readRuntimeName(Object.entries(attributes).map(([key, value]) => ({ key, value })))

test.each([
  [
    'ours',
    { 'service.name': 'a', 'process.runtime.name': 'nodejs', 'hono.runtime.name': 'node' },
    'node',
  ],
  ['any SDK’s', { 'service.name': 'a', 'process.runtime.name': 'cpython' }, 'cpython'],
  ['one that says its name alone', { 'service.name': 'shop' }, 'shop'],
  ['the driver’s', { 'service.name': 'driver', 'hono.runtime.name': '' }, ''],
  ['one that says nothing', {}, ''],
])('the runtime of a service, %s', (_, attributes, runtime) => {
  expect(named(attributes)).toBe(runtime)
})
