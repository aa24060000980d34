import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

// `npm run bench` runs every benchmark, one after the other; `npm run bench -- cold-start` those that are named.
// What follows a name and begins with `--` is for the last of them: `npm run bench -- overhead --runtime deno`.

const benchmarks: Readonly<Record<string, string>> = {
  overhead: 'what telemetry costs a served request: requests/s, CPU, tail and memory beside none',
  'cold-start': 'how long each runtime takes to its first answer, and the memory it holds then',
  collector: 'how many spans a second the embedded collector takes over HTTP',
  'kept-runs': 'what it costs the collector to keep what it receives on disk',
  'otlp-decode': 'how fast OTLP is decoded, and what a decoded span weighs in memory',
  'span-metrics': 'how fast spans become metrics',
  comparison: 'how long a comparison of traces takes',
  viewer: 'how long the page takes to show what it is sent',
  drill: 'how much an assistant reads to find each of ten planted faults',
}

/** Of those that take any; `overhead` explains its own. */
const optionsOf: Readonly<Record<string, string>> = {
  'cold-start': '--rounds N (7)',
  viewer: '--rounds N (7), --traces N (10000)',
  drill: '--answers, which prints them too',
}

const usage = `npm run bench [-- NAME… [--option…]]

Without a name all of them run, one after the other. \`npm run bench -- NAME --help\` says which options it takes.

${Object.entries(benchmarks)
  .map(([name, what]) => `  ${name.padEnd(14)}${what}\n`)
  .join('')}`

const args = process.argv.slice(2)
const firstOption = args.findIndex((arg) => arg.startsWith('-'))
const named = firstOption === -1 ? args : args.slice(0, firstOption)
const options = args.slice(named.length)
const unknown = named.find((name) => benchmarks[name] === undefined)
if (unknown !== undefined || (named.length === 0 && options.length > 0)) {
  const helped = unknown === undefined && options.some((option) => /^(-h|--help)$/.test(option))
  if (helped) process.stdout.write(usage)
  else {
    const wrong = unknown === undefined ? `option "${options[0]}"` : `benchmark "${unknown}"`
    process.stderr.write(`unknown ${wrong}\n\n${usage}`)
  }
  process.exit(helped ? 0 : 2)
}
const last = named.at(-1)
if (last !== undefined && last !== 'overhead') {
  if (options.includes('--help') || options.includes('-h')) {
    process.stdout.write(`${last}: ${benchmarks[last]}\noptions: ${optionsOf[last] ?? 'none'}\n`)
    process.exit(0)
  }
  if (options.length > 0 && optionsOf[last] === undefined) {
    process.stderr.write(`unknown option "${options[0]}": ${last} takes none\n`)
    process.exit(2)
  }
}
const chosen = named.length > 0 ? named : Object.keys(benchmarks)
for (const [index, name] of chosen.entries()) {
  process.stdout.write(`\n--- ${name}\n`)
  const { status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, `${name}.ts`), ...(index === chosen.length - 1 ? options : [])],
    { stdio: 'inherit' },
  )
  if (status !== 0) process.exitCode = 1
}
