import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { startChild } from '../../../runtimes/processes/child.ts'
import { findFreePort } from '../../plumbing/find-free-port.ts'
import { pollUntil } from '../../plumbing/poll-until.ts'
import { repositoryFolder } from '../collector/program/collector-binary.ts'
import { findPrometheus } from './ensure-prometheus.ts'

export type RunningPrometheus = AsyncDisposable & { readonly url: string }

const readyMillisMax = 60_000

/**
 * Starts a Prometheus that has stored nothing, with the arguments that it has in LGTM.
 *
 * @throws Error with its last lines when it ends before it is ready, or does not get ready.
 */
export async function runPrometheus(): Promise<RunningPrometheus> {
  await using started = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-test-'))
  started.defer(() => rmSync(folder, { recursive: true, force: true }))
  const address = `127.0.0.1:${await findFreePort()}`
  const url = `http://${address}`
  const lines: string[] = []
  const child = await startChild({
    program: findPrometheus(),
    args: [
      `--web.listen-address=${address}`,
      '--web.enable-otlp-receiver',
      '--enable-feature=exemplar-storage',
      `--storage.tsdb.path=${folder}`,
      `--config.file=${join(import.meta.dirname, 'prometheus.yaml')}`,
      '--log.level=warn',
      ...readExtraArguments(),
    ],
    onLine: (line) => lines.push(line),
  })
  started.defer(() => child.stop())
  await pollUntil(async () => child.hasEnded() || (await isReady(url)), readyMillisMax)
  if (child.hasEnded() || !(await isReady(url)))
    throw new Error(`Prometheus did not get ready:\n${lines.slice(-20).join('\n')}`)
  const all = started.move()
  return { url, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** The arguments in `compose.yaml`; the image splits them at spaces. */
function readExtraArguments(): readonly string[] {
  const compose = parse(readFileSync(join(repositoryFolder, 'compose.yaml'), 'utf8'), {
    merge: true,
  })
  return String(compose.services.lgtm.environment.PROMETHEUS_EXTRA_ARGS).split(' ')
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
