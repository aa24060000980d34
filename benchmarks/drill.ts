import { parseArgs } from 'node:util'
import { callsMax, runDrill } from '../observability/ask/testing/run-drill.ts'

// Ten faults are planted in telemetry of a shop on five runtimes, and each is searched for over MCP by a script of at
// most five calls, which knows what a person would know and reads on in the answers. What it costs is what an assistant
// has to read. `--answers` prints the answers too.

const { values } = parseArgs({ options: { answers: { type: 'boolean', default: false } } })
const { drilled, toolsBytes } = await runDrill()
for (const { name, calls, answers, missing } of drilled) {
  const bytes = sum(calls.map(({ answerBytes }) => answerBytes))
  const tools = calls.map(({ tool }) => tool).join(', ')
  process.stdout.write(
    `${name.padEnd(46)}${calls.length} calls ${String(bytes).padStart(6)} bytes  ${tools}\n`,
  )
  for (const reason of missing) process.stdout.write(`  ${reason}\n`)
  if (values.answers) process.stdout.write(`${answers.join('\n---\n')}\n\n`)
  if (missing.length > 0) process.exitCode = 1
}
const found = drilled.filter(({ missing }) => missing.length === 0).length
const all = drilled.flatMap(({ calls }) => calls)
const bytes = sum(all.map(({ answerBytes }) => answerBytes))
process.stdout.write(
  `\n${found} of ${drilled.length} faults found, by ${all.length} calls (at most ${callsMax} each) and ${bytes} bytes of answers;\nwhat the tools say of themselves has ${toolsBytes} bytes, read once\n`,
)

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
