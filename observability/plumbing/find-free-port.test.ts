import { expect, test } from 'vitest'
import { findFreePort } from './find-free-port.ts'

test('no port is given twice, though nobody listens on the first yet', async () => {
  const ports: number[] = []
  // The system offers some 28,000 ports: of 1,000 drawn from them, a dozen come twice.
  for (let drawn = 0; drawn < 1000; drawn += 1) ports.push(await findFreePort())
  expect(new Set(ports).size).toBe(ports.length)
})
