import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryFolder } from '../collector-parity/collector-binary.ts'
import { findFreePort } from '../collector-parity/free-port.ts'
import { type OtlpSink, startSink } from '../collector-parity/otlp-sink.ts'
import { type RunningCollector, runCollector } from '../collector-parity/run-collector.ts'
import { type Program, programs } from './programs.ts'
import { readExtraArguments } from './read-extra-arguments.ts'
import { type RunningProgram, runProgram } from './run-program.ts'

/** What grafana/otel-lgtm has inside, but for Grafana: real programs, wired the same way. */
export type Lgtm = AsyncDisposable & {
  readonly prometheusUrl: string
  readonly lokiUrl: string
  readonly tempoUrl: string
  /** As `http://lgtm:4318`. Nothing listens there before `open`, and after `close`. */
  readonly otlpUrl: string
  readonly otlpPort: number
  /** Everything that came in at `otlpUrl`, as it came. */
  readonly record: OtlpSink
  /** Which program has ended, and how, when nobody has stopped it. */
  findFailure(): string | undefined
  open(): Promise<void>
  close(): Promise<void>
}

type Start = (
  program: Program,
  readyUrl: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
) => Promise<void>

const configFolder = join(import.meta.dirname, 'config')
const composePath = join(repositoryFolder, 'compose.yaml')

/** Starts everything on free ports, with nothing stored, and ends it all when it is disposed of. */
export async function runLgtm(): Promise<Lgtm> {
  const folder = mkdtempSync(join(tmpdir(), 'lgtm-test-'))
  await using started = new AsyncDisposableStack()
  const running: RunningProgram[] = []
  const start: Start = async (program, readyUrl, args, environment = {}) => {
    running.push(started.use(await runProgram(program, { args, environment, readyUrl })))
  }
  started.defer(() => rmSync(folder, { recursive: true, force: true }))
  const record = started.use(await startSink())
  const starting = [
    runPrometheus(folder, start),
    runLoki(folder, start),
    runTempo(folder, start),
  ] as const
  // All of them, so that there is nothing left to start when one has failed and the others are ended.
  await Promise.allSettled(starting)
  const [prometheusUrl, lokiUrl, tempo] = await Promise.all(starting)
  const otlpPort = await findFreePort()
  let entrance: RunningCollector | undefined
  const close = async () => {
    await entrance?.stop()
    entrance = undefined
  }
  started.defer(close)
  const all = started.move()
  return {
    prometheusUrl,
    lokiUrl,
    tempoUrl: tempo.url,
    otlpPort,
    otlpUrl: `http://127.0.0.1:${otlpPort}`,
    record,
    findFailure: () => running.map((it) => it.findFailure()).find((it) => it !== undefined),
    async open() {
      entrance ??= await runCollector({
        files: [join(configFolder, 'otelcol.yaml')],
        settings: {
          receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlpPort}` } } } },
        },
        environment: {
          PROMETHEUS_URL: prometheusUrl,
          LOKI_URL: lokiUrl,
          TEMPO_OTLP_URL: tempo.otlpUrl,
          RECORD_URL: record.url,
        },
      })
    },
    close,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

async function runPrometheus(folder: string, start: Start): Promise<string> {
  const address = `127.0.0.1:${await findFreePort()}`
  await start(programs.prometheus, `http://${address}/-/ready`, [
    `--web.listen-address=${address}`,
    '--web.enable-otlp-receiver',
    '--web.enable-remote-write-receiver',
    '--enable-feature=exemplar-storage',
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--config.file=${join(configFolder, 'prometheus.yaml')}`,
    '--log.level=warn',
    ...readExtraArguments(composePath, 'PROMETHEUS_EXTRA_ARGS'),
  ])
  return `http://${address}`
}

async function runLoki(folder: string, start: Start): Promise<string> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const args = [
    ...expandArguments('loki.yaml'),
    ...readExtraArguments(composePath, 'LOKI_EXTRA_ARGS'),
  ]
  await start(programs.loki, `${url}/ready`, args, {
    HTTP_PORT: String(port),
    GRPC_PORT: String(await findFreePort()),
    DATA_FOLDER: join(folder, 'loki'),
  })
  return url
}

async function runTempo(
  folder: string,
  start: Start,
): Promise<{ readonly url: string; readonly otlpUrl: string }> {
  const port = await findFreePort()
  const otlpPort = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  await start(programs.tempo, `${url}/ready`, expandArguments('tempo.yaml'), {
    HTTP_PORT: String(port),
    GRPC_PORT: String(await findFreePort()),
    OTLP_PORT: String(otlpPort),
    GOSSIP_PORT: String(await findFreePort()),
    DATA_FOLDER: join(folder, 'tempo'),
  })
  return { url, otlpUrl: `http://127.0.0.1:${otlpPort}` }
}

function expandArguments(file: string): readonly string[] {
  return ['-config.expand-env=true', `-config.file=${join(configFolder, file)}`]
}
