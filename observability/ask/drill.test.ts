import { expect, test } from 'vitest'
import { plantedFaults } from './testing/planted-faults.ts'
import { runDrill } from './testing/run-drill.ts'

test('each of ten planted faults is found by at most five questions', async () => {
  const { drilled } = await runDrill()

  expect(drilled.map(({ name, missing }) => ({ name, missing }))).toEqual(
    plantedFaults.map(({ name }) => ({ name, missing: [] })),
  )
  expect(drilled).toHaveLength(10)
})

test('no fault is found where none is planted', async () => {
  const { drilled } = await runDrill(() => () => ({}))

  expect(drilled.filter(({ missing }) => missing.length === 0)).toEqual([])
})
