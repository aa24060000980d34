import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startProcess } from '../../../plumbing/start-process.ts'
import { findCollector, repositoryFolder } from './collector-binary.ts'

/** A running OpenTelemetry Collector. */
export type RunningCollector = AsyncDisposable & {
  /** URL of its OTLP/HTTP receiver, and `host:port` of the gRPC one, on the ports that it got. */
  readonly url: string
  readonly grpc: string
  readonly pid: number
  /** Its log so far, one JSON object per line. */
  readonly lines: readonly string[]
  /** Ends it as `kill` would, or as a power cut would; resolves when it has ended. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export type CollectorOptions = {
  /** Configuration files, each laid over those before it. */
  readonly files: readonly string[]
  /** Merged over the files. The receiver always listens on free ports. */
  readonly settings?: object
  readonly environment?: Readonly<Record<string, string>>
}

const readyMillisMax = 20_000
const stopMillisMax = 10_000

/** Settings for every test: free ports on this machine, and a log in JSON. */
const testSettings = {
  receivers: {
    otlp: {
      protocols: { http: { endpoint: '127.0.0.1:0' }, grpc: { endpoint: '127.0.0.1:0' } },
    },
  },
  service: {
    telemetry: { logs: { encoding: 'json' }, metrics: { level: 'none', readers: [] } },
  },
}

/**
 * Starts the Collector and resolves when it takes requests.
 *
 * @throws Error with its last lines when it ends before, or does not get ready.
 */
export async function runCollector(options: CollectorOptions): Promise<RunningCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'otelcol-test-'))
  const overlays = [testSettings, options.settings ?? {}].map((settings, index) => {
    const path = join(folder, `overlay-${index}.yaml`)
    writeFileSync(path, stringify(settings))
    return path
  })
  const args = [...options.files, ...overlays].map((path) => `--config=${path}`)
  const lines: string[] = []
  let onReady: (outcome: 'ready') => void = () => {}
  const ready = new Promise<'ready'>((resolve) => {
    onReady = resolve
  })
  const child = await startProcess({
    program: findCollector(),
    args,
    cwd: repositoryFolder,
    env: { ...process.env, ...options.environment },
    stopMillisMax,
    onLine(line, output) {
      if (output === 'stdout') return
      lines.push(line)
      if (line.includes('Everything is ready')) onReady('ready')
    },
  })
  const stop = async (signal?: 'SIGTERM' | 'SIGKILL') => {
    await child.stop(signal)
    rmSync(folder, { recursive: true, force: true })
  }

  const timeout = new Promise<string>((resolve) => {
    setTimeout(() => resolve(`not ready after ${readyMillisMax} ms`), readyMillisMax).unref()
  })
  const outcome = await Promise.race([ready, child.ended, timeout])
  const http = findEndpoint(lines, 'Starting HTTP server')
  const grpc = findEndpoint(lines, 'Starting GRPC server')
  if (outcome !== 'ready' || http === undefined) {
    await stop('SIGKILL')
    throw new Error(`the Collector did not start (${outcome}):\n${lines.slice(-20).join('\n')}`)
  }
  return {
    url: `http://${http}`,
    grpc: grpc ?? '',
    pid: child.pid,
    lines,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}

/** The ports are chosen by the system, and the log is where the Collector tells them. */
function findEndpoint(lines: readonly string[], message: string): string | undefined {
  const line = lines.find((it) => it.includes(`"${message}"`))
  return /"endpoint":"([^"]+)"/.exec(line ?? '')?.[1]
}
