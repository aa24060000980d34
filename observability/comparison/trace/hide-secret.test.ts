import { expect, test } from 'vitest'
import type { Attribute } from '../../otlp/model.ts'
import { compareAttributes } from '../differences/compare-attributes.ts'
import { renderAttributes } from '../report/report-steps.ts'

test.each([
  'http.request.header.authorization',
  'http.request.header.cookie',
  'http.response.header.set-cookie',
])('the value of %s is in no difference and in no report', (key) => {
  const attributes: readonly Attribute[] = [{ key, value: { values: ['sid=s3cr3t'] } }]
  const place = { on: 'span', path: '', rules: [] } as const
  const shown = JSON.stringify([
    compareAttributes(attributes, [], place),
    compareAttributes([], attributes, place),
    compareAttributes([{ key, value: 'other' }], attributes, place),
    renderAttributes(attributes),
  ])
  expect(shown).toContain('REDACTED')
  expect(shown).not.toContain('s3cr3t')
})
