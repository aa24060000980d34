import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseDocument } from 'yaml'
import {
  builtCollectorPath,
  CollectorMissingError,
  findCollector,
  manifestPath,
} from './collector-binary.ts'
import { checkGo, GoError, runGo } from './run-go.ts'

const builder = 'go.opentelemetry.io/collector/cmd/builder'
const goMinorMin = 26
const buildMillisMax = 20 * 60_000

/**
 * Finds the OpenTelemetry Collector to test with: the one in `OTELCOL`, else the one built from the manifest, which is
 * built if it is missing.
 *
 * @returns Its path and the version that it reports.
 * @throws CollectorMissingError if it cannot be built.
 */
export async function ensureCollector(
  report: (text: string) => void,
): Promise<{ readonly path: string; readonly version: string }> {
  try {
    const path = findCollector()
    return { path, version: readVersion(path) }
  } catch (error) {
    if (!(error instanceof CollectorMissingError) || process.env.OTELCOL) throw error
  }
  const path = builtCollectorPath()
  try {
    checkGo(goMinorMin)
    await build(path, report)
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    throw new CollectorMissingError(
      `the OpenTelemetry Collector could not be built; OTELCOL=path takes another, such as otelcol-contrib: ${error.message}`,
      { cause: error },
    )
  }
  return { path, version: readVersion(path) }
}

/** Builds under another name and then renames, so that an interrupted build leaves nothing that looks complete. */
async function build(path: string, report: (text: string) => void): Promise<void> {
  const since = performance.now()
  const folder = `${dirname(path)}.building-${process.pid}`
  mkdirSync(folder, { recursive: true })
  try {
    const manifest = parseDocument(readFileSync(manifestPath, 'utf8'))
    manifest.setIn(['dist', 'output_path'], join(folder, 'source'))
    const version = String(manifest.getIn(['dist', 'version']))
    const config = join(folder, 'manifest.yaml')
    writeFileSync(config, manifest.toString())
    report(`building the OpenTelemetry Collector ${version} with Go; minutes, once`)
    const options = { cwd: folder, millisMax: buildMillisMax, report }
    await runGo(['run', `${builder}@v${version}`, `--config=${config}`], options)
    mkdirSync(dirname(path), { recursive: true })
    renameSync(join(folder, 'source', 'otelcol'), path)
    report(`built in ${Math.round((performance.now() - since) / 1000)} s`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readVersion(path: string): string {
  const { stdout, status, error } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  const reason = error?.message ?? `exit code ${status}`
  throw new CollectorMissingError(`${path}: expected an OpenTelemetry Collector, got ${reason}`)
}
