import { expect, test } from 'vitest'
import { sendSpans } from '../../collector/testing/send.ts'
import { buildRequests } from '../testing/build-requests.ts'
import { startAskedCollector } from '../testing/start-asked-collector.ts'

test('what all others have is said once, of the reference that has not', async () => {
  await using asked = await startAskedCollector()
  const cached = { 'app.cached': true }
  await sendSpans(asked, [
    ...buildRequests(5, { runtime: 'node' }),
    ...buildRequests(5, { runtime: 'deno', attributes: cached }),
    ...buildRequests(5, { runtime: 'bun', attributes: { ...cached, 'app.note': 'x' } }),
  ])

  const { text } = await asked.ask('compare', { reference: 'node' })

  const lines = text.split('\n').filter((line) => line.includes(' difference: '))
  expect(lines).toEqual([
    expect.stringMatching(
      /app\.cached is extra.*, and the same on all others: "node" is the odd one$/,
    ),
    expect.stringMatching(/bun: .*app\.note is extra[^,]*$/),
  ])
})

test('one group alone is not said to be without a difference', async () => {
  await using asked = await startAskedCollector()
  await sendSpans(asked, buildRequests(5, { runtime: 'node' }))

  const { text } = await asked.ask('compare')

  expect(text).toContain('\nnothing was compared\n')
  expect(text).not.toContain('nothing differs')
})
