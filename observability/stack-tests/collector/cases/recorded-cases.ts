import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ParityCase, TracesJson } from '../replay/parity-case.ts'
import { readOwnConfig } from './configs.ts'

const folder = join(import.meta.dirname, '..', 'golden', 'recorded-traffic')

/** Every runtime's telemetry for the scenario, as recorded by `runtimes/compare/record-traces.ts`. */
export const recordedCases: readonly ParityCase[] = readdirSync(folder)
  .sort()
  .map((file) => {
    // Written by our own script from requests that a runtime made; the collectors judge their content.
    const rounds = JSON.parse(readFileSync(join(folder, file), 'utf8')) as TracesJson[][]
    return {
      name: `recorded-${file.replace('.json', '')}`,
      config: readOwnConfig(),
      steps: [...rounds.map((send) => ({ send })), { send: [] }],
    }
  })
