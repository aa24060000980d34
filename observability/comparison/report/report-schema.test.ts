import { readFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import { expect, test } from 'vitest'
import { parseReport } from './parse-report.ts'
import { reportSchema } from './report-schema.ts'

/** `npx vitest run observability/comparison/report-schema -u` writes it anew. */
test('docs/compare.schema.json is the schema of what is written', async () => {
  const schema = toJsonSchema(reportSchema, { target: 'draft-2020-12' })
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/compare.schema.json',
  )
})

test('the example in docs/ is of this version', () => {
  const path = new URL('../../../docs/example-report/compare.json', import.meta.url)
  const report = parseReport(readFileSync(path, 'utf8'))
  expect(report.status).toBe('complete')
  expect(report.operations.length).toBeGreaterThan(0)
})
