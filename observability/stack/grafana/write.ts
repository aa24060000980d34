import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { dashboards } from './dashboards.ts'
import { findDrift } from './find-drift.ts'
import { fileNameOf, renderDashboard } from './layout/render-dashboard.ts'

const usage = `Usage: npm run dashboards -- [--check]

Writes the dashboards for Grafana from their sources, as JSON, into observability/stack/grafana/dashboards.

  --check   write nothing; exit code 1 when a file is not what would be written, is missing,
            or belongs to no dashboard
  --help    print this
`

const folder = join(import.meta.dirname, 'dashboards')
/** As a person at the root of the repository would name it. */
const folderName = relative(join(import.meta.dirname, '../../..'), folder)

try {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help === true) process.stdout.write(usage)
  else if (values.check === true) check()
  else write()
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  process.stderr.write(`dashboards: ${reason}\n`)
  process.exitCode = 2
}

function render(): ReadonlyMap<string, string> {
  return new Map(dashboards.map((it) => [fileNameOf(it), renderDashboard(it)]))
}

function write(): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of render()) {
    writeFileSync(join(folder, name), text)
    process.stdout.write(`${folderName}/${name}\n`)
  }
}

function check(): void {
  const problems = findDrift(render(), readFolder())
  if (problems.length === 0) {
    process.stdout.write(`${folderName}: ${dashboards.length} dashboards as their sources say\n`)
    return
  }
  process.stderr.write(`${folderName}: ${problems.join('; ')}; run \`npm run dashboards\`\n`)
  process.exitCode = 1
}

function readFolder(): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
