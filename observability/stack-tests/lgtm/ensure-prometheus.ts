import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryFolder } from '../collector/program/collector-binary.ts'
import { GoError, runGo } from '../collector/program/run-go.ts'

const module = 'github.com/prometheus/prometheus'
// 3.14.0, as in grafana/otel-lgtm 0.31. A replace counts in the main module alone, so it is repeated here.
const goModule = `module prometheus-for-tests

go 1.25.8

require ${module} v0.314.0

replace cloud.google.com/go => cloud.google.com/go v0.123.0
`
// Nothing is discovered here, and each cloud's SDK is a minute of building.
const buildTags = 'netgo,remove_all_sd'
const buildMillisMax = 40 * 60_000

/** Why there is no Prometheus to test with, in a sentence for the person who ran the command. */
export class PrometheusMissingError extends Error {
  override readonly name = 'PrometheusMissingError'
}

/**
 * Finds the Prometheus to test with: the one in `PROMETHEUS`, else the one built from its Go module.
 *
 * @throws PrometheusMissingError if there is neither.
 */
export function findPrometheus(): string {
  const given = process.env.PROMETHEUS
  const path = given || builtPath()
  if (existsSync(path)) return path
  throw new PrometheusMissingError(
    given
      ? `PROMETHEUS: expected the path of a Prometheus, got ${JSON.stringify(given)}, which is not there`
      : 'Prometheus is not built; run `node observability/stack-tests/lgtm/build.ts`',
  )
}

/**
 * The same, but builds it if it is missing. The result stays in `.cache/`.
 *
 * @throws PrometheusMissingError if it cannot be built.
 */
export async function ensurePrometheus(report: (text: string) => void): Promise<string> {
  const path = builtPath()
  if (!process.env.PROMETHEUS && !existsSync(path)) {
    try {
      await build(path, report)
    } catch (error) {
      if (!(error instanceof GoError)) throw error
      const message = `Prometheus could not be built; PROMETHEUS=path takes another: ${error.message}`
      throw new PrometheusMissingError(message, { cause: error })
    }
  }
  return findPrometheus()
}

/** Builds under another name and then renames, so that an interrupted build leaves nothing that looks complete. */
async function build(path: string, report: (text: string) => void): Promise<void> {
  const since = performance.now()
  const folder = `${dirname(path)}.building-${process.pid}`
  const output = join(folder, 'prometheus')
  mkdirSync(folder, { recursive: true })
  try {
    report('building Prometheus with Go; minutes, once')
    writeFileSync(join(folder, 'go.mod'), goModule)
    const flags = ['-trimpath', '-ldflags=-s -w', `-tags=${buildTags}`, `-o=${output}`]
    await runGo(['build', ...flags, `${module}/cmd/prometheus`], {
      cwd: folder,
      environment: { CGO_ENABLED: '0' },
      millisMax: buildMillisMax,
      report,
    })
    mkdirSync(dirname(path), { recursive: true })
    renameSync(output, path)
    report(`built in ${Math.round((performance.now() - since) / 1000)} s`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each definition is built under its own path. */
function builtPath(): string {
  const definition = createHash('sha256').update(goModule + buildTags)
  const name = `prometheus-${definition.digest('hex').slice(0, 12)}`
  return join(repositoryFolder, '.cache', name, 'prometheus')
}
