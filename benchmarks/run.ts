import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

// `npm run bench` runs every benchmark, one after the other; `npm run bench -- cold-start` those that are named.

/** Files here that a benchmark uses and that are none. */
const notBenchmarks = ['run.ts', 'stock-telemetry.ts', 'example-traces.ts']

const all = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !notBenchmarks.includes(file))
  .map((file) => file.replace(/\.ts$/, ''))
const { positionals: named } = parseArgs({ allowPositionals: true })
const unknown = named.find((name) => !all.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`unknown benchmark "${unknown}"; expected some of ${all.join(', ')}\n`)
  process.exit(2)
}
for (const name of named.length > 0 ? named : all) {
  process.stdout.write(`\n--- ${name}\n`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
