import { expect, test } from 'vitest'
import type { LogEntry } from '../../observability/telemetry/logs/logs.ts'
import { createBackgroundWork } from './background-work.ts'

test('all that is given is waited for, also what is given meanwhile, and a failure is logged', async () => {
  const entries: LogEntry[] = []
  const { executionContext, settle } = createBackgroundWork((entry) => entries.push(entry))
  const done: string[] = []
  const inner = async () => {
    await Promise.resolve()
    done.push('inner')
  }
  const outer = async () => {
    await Promise.resolve()
    executionContext.waitUntil(inner())
    done.push('outer')
  }
  executionContext.waitUntil(outer())
  executionContext.waitUntil(Promise.reject(new Error('broken')))
  await settle(5000)

  expect(done).toEqual(['outer', 'inner'])
  expect(entries).toMatchObject([{ event: 'background.failed', error: { message: 'broken' } }])
})

test('what never ends is waited for no longer than that', async () => {
  const { executionContext, settle } = createBackgroundWork(() => {})
  executionContext.waitUntil(new Promise(() => {}))
  await expect(settle(20)).resolves.toBeUndefined()
})
