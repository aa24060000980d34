import { expect, test } from 'vitest'
import { describeAppError } from './describe-app-error.ts'

test.each([
  ['at file:///shop/src/app.ts:7:9', '/shop/src/app.ts:7:9'],
  [
    'at connect (file:///shop/node_modules/pg/a.js:1:1)\n    at create (/shop/app.ts:3:1)',
    '/shop/app.ts:3:1',
  ],
])('an error of %j is where the app is', (stack, place) => {
  const error = new Error('no settings')
  error.stack = `Error: no settings\n    ${stack}`
  expect(describeAppError(error)).toBe(`no settings, at ${place}`)
})

test('what has no place is told without one', () => {
  expect(describeAppError('no settings')).toBe('no settings')
})
