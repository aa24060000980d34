import { resourceFromAttributes } from '@opentelemetry/resources'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHolder, joinBytes } from './held-bytes.ts'

const resource = resourceFromAttributes({})
const scope = { name: 'scope' }

test('what was held comes out as it went in, whatever the sizes and whichever are sent together', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map((one) => one.toWellFormed()),
    fc.integer({ min: 20_000, max: 90_000 }).map((length) => 'é'.repeat(length)),
  )
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.boolean()),
      (texts, sent) => {
        const hold = createHolder()
        const items = texts.map((one) => ({
          one,
          held: hold({ text: one, resource, scope }),
          isSent: sent.next().value,
        }))
        const chosen = items.filter(({ isSent }) => isSent)
        const body = joinBytes(['[', chosen.map(({ held }) => held), ']'])
        expect(new TextDecoder().decode(body)).toBe(`[${chosen.map(({ one }) => one).join()}]`)
      },
    ),
    { numRuns: 50 },
  )
})
