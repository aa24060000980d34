import { readFile, stat } from 'node:fs/promises'
import {
  parseReport,
  reportBytesMax,
} from '../../../observability/comparison/report/parse-report.ts'
import { refuseBaseline } from '../../../observability/comparison/report/refuse-baseline.ts'
import type { Report } from '../../../observability/comparison/report/report-schema.ts'
import type { Scenario } from '../../../observability/driver/play/scenario.ts'
import { describeError } from '../../../observability/plumbing/describe-error.ts'
import { StartError } from '../../processes/start-error.ts'
import type { CompareArguments } from '../compare-arguments.ts'

/**
 * @throws StartError when the file cannot be read, is not of this version, or has nothing in it that
 *   this run could be compared with.
 */
export async function readBaseline(
  { baseline: path, reference, runtimes, targets }: CompareArguments,
  scenario: Scenario,
): Promise<Report | null> {
  if (path === null) return null
  const names = [...runtimes, ...targets].map(({ name }) => name)
  try {
    const { size } = await stat(path)
    if (size > reportBytesMax) {
      throw new Error(`expected at most ${reportBytesMax} bytes, got ${size}`)
    }
    const baseline = parseReport(await readFile(path, 'utf8'))
    const refusal = refuseBaseline(baseline, {
      reference: reference ?? names[0] ?? '',
      runtimes: names,
      operations: scenario.operations.map(({ name }) => name),
    })
    if (refusal !== null) throw new Error(refusal)
    return baseline
  } catch (cause) {
    throw new StartError(`--baseline ${path}: ${describeError(cause)}`, { cause })
  }
}
