import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findFreePort } from '../collector-parity/free-port.ts'
import { findProgram, ProgramMissingError, programs } from './programs.ts'
import { runProgram } from './run-program.ts'

// Node stands for a program here: what is tested is how one is started and ended.
beforeEach(() => {
  vi.stubEnv('PROMETHEUS', process.execPath)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

async function prepare(script: string) {
  const port = await findFreePort()
  const readyUrl = `http://127.0.0.1:${port}/`
  return { readyUrl, options: { args: ['-e', script, String(port)], readyUrl } }
}

const answer = (more: string) =>
  `require('http').createServer((_, response) => { response.end(); ${more} }).listen(process.argv[1], '127.0.0.1')`

describe('a program', () => {
  test('runs until it is disposed of', async () => {
    const { readyUrl, options } = await prepare(answer(''))
    {
      await using running = await runProgram(programs.prometheus, options)
      expect((await fetch(readyUrl)).status).toBe(200)
      expect(running.findFailure()).toBeUndefined()
    }
    await expect(fetch(readyUrl)).rejects.toThrow()
  })

  test('that ends at once is told with its last words', async () => {
    const { options } = await prepare('console.error("no such flag"); process.exit(3)')

    await expect(runProgram(programs.prometheus, options)).rejects.toThrow(
      /^Prometheus 3\.14\.0 did not start \(exit code 3\):\nno such flag$/,
    )
  })

  test('that ends later is told as well', async () => {
    const { options } = await prepare(answer('console.error("panic"); process.exit(2)'))
    await using running = await runProgram(programs.prometheus, options)

    await expect.poll(running.findFailure).toMatch(/has ended \(exit code 2\):\npanic$/)
  })
})

describe('where a program is', () => {
  test('is told by its variable', () => {
    expect(findProgram(programs.loki, { LOKI: process.execPath })).toBe(process.execPath)
  })

  test('is told in a sentence when it is not there', () => {
    expect(() => findProgram(programs.loki, { LOKI: '/nowhere/loki' })).toThrow(
      new ProgramMissingError(
        'LOKI: expected the path of a loki, got "/nowhere/loki", which is not there',
      ),
    )
  })
})
