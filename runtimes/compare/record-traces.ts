import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseTracesProtobuf } from '../../observability/otlp/decode-protobuf.ts'
import { encodeTracesJson } from '../../observability/otlp/encode-json.ts'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { type OtlpSink, startSink } from '../../observability/stack-tests/collector/otlp-sink.ts'
import type { TracesJson } from '../../observability/stack-tests/collector/replay/parity-case.ts'
import { createRouteScenario } from '../application/route-scenario.ts'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { runtimes } from '../runtimes.ts'
import { startStack } from '../start/stack.ts'
import { playScenario } from './play-scenario.ts'

// Writes down what every runtime sends for the scenario, played twice: the traffic on which the two
// collectors are compared. Run it again when the telemetry changes: `node runtimes/compare/record-traces.ts`.

const { scenario = createRouteScenario(application) } = application
const rounds = 2
/** Longer than a runtime waits before it sends a batch. */
const quietMillis = 1500

const folder = join(
  projectFolder,
  'observability',
  'stack-tests',
  'collector',
  'golden',
  'recorded-traffic',
)
mkdirSync(folder, { recursive: true })

for (const runtime of runtimes) {
  await using sink = await startSink()
  const stack = await startStack({
    served: { application, notes: [] },
    runtimes: [runtime],
    ports: new Map([[runtime.name, await findFreePort()]]),
    database: {
      kind: 'embedded',
      folder: join(projectFolder, '.data', 'record'),
      port: await findFreePort(),
    },
    collector: { kind: 'other', url: sink.url },
    variables: { OTEL_BSP_SCHEDULE_DELAY: '300' },
    onLine: () => {},
    onReady: () => {},
    onMissing: (part, reason) => process.stderr.write(`${part} is left out: ${reason}\n`),
  })
  try {
    const recorded: (readonly TracesJson[])[] = []
    await settle(sink)
    for (let round = 0; round < rounds; round++) {
      const since = sink.requests.length
      for (const { url } of stack.services) await playScenario(url, scenario)
      await settle(sink)
      recorded.push(readTraces(sink, since))
    }
    const lines = recorded.map(
      (requests) => `[\n${requests.map((it) => JSON.stringify(it)).join(',\n')}\n]`,
    )
    writeFileSync(join(folder, `${runtime.name}.json`), `[\n${lines.join(',\n')}\n]\n`)
    process.stderr.write(`${runtime.name}: ${recorded.flat().length} requests\n`)
  } finally {
    await stack.stop()
  }
}

/** Resolves when nothing has come for a while. */
async function settle(sink: OtlpSink): Promise<void> {
  for (let seen = -1; seen !== sink.requests.length; ) {
    seen = sink.requests.length
    await delay(quietMillis)
  }
}

function readTraces(sink: OtlpSink, since: number): readonly TracesJson[] {
  return sink.requests.slice(since).flatMap(({ path, contentType, body }) => {
    if (path !== '/v1/traces') return []
    if (contentType !== 'application/x-protobuf')
      throw new Error(`expected OTLP in protobuf, got ${contentType}`)
    // Whether it is a request of that form, the collectors will tell.
    return [JSON.parse(encodeTracesJson(parseTracesProtobuf(body))) as TracesJson]
  })
}
