import { toJsonSchema } from '@valibot/to-json-schema'
import { expect, test } from 'vitest'
import { reportSchema } from './report-schema.ts'

/** `npx vitest run observability/comparison/report-schema -u` writes it anew. */
test('docs/compare.schema.json is the schema of what is written', async () => {
  const schema = toJsonSchema(reportSchema, { target: 'draft-2020-12' })
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/compare.schema.json',
  )
})
