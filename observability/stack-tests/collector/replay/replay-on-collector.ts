import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startSink } from '../otlp-sink.ts'
import { type RunningCollector, runCollector } from '../program/run-collector.ts'
import type { Answer, ParityCase, StepResult, TracesJson } from './parity-case.ts'

const flushMillisMax = 20_000

/**
 * Plays a case on the OpenTelemetry Collector.
 *
 * The destination of its metrics does not answer until the requests of a step are sent. The connector
 * waits for that answer and flushes no further meanwhile, so each step has exactly one flush and it
 * comes after the requests, however slow the machine is.
 */
export async function replayOnCollector(parityCase: ParityCase): Promise<readonly StepResult[]> {
  const gate = createGate()
  await using sink = await startSink((request) =>
    request.path === '/v1/metrics' ? gate.arrive(request.body) : undefined,
  )
  const folder = mkdtempSync(join(tmpdir(), 'otelcol-case-'))
  try {
    const file = join(folder, 'case.yaml')
    writeFileSync(file, parityCase.config)
    await using collector = await runCollector({
      files: [file],
      settings: settingsFor(sink.url),
    })
    try {
      return await play(parityCase, collector, gate)
    } finally {
      // Before the Collector is ended: it waits for the export that it is in.
      gate.open()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function play(
  { steps }: ParityCase,
  collector: RunningCollector,
  gate: Gate,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = []
  await gate.next()
  for (const { send, afterMillis = 0 } of steps) {
    await delay(afterMillis)
    const answers: Answer[] = []
    for (const request of send) answers.push(await post(collector.url, request))
    gate.release()
    const metrics = await gate.next()
    results.push({ answers, metrics: metrics.toString('utf8') })
  }
  return results
}

/** Every exporter sends to the sink, one request at a time and with no queue in between. */
function settingsFor(url: string): object {
  return {
    connectors: { span_metrics: { metrics_flush_interval: '20ms' } },
    exporters: {
      'otlp_http/lgtm': {
        endpoint: url,
        encoding: 'json',
        compression: 'none',
        timeout: '120s',
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: false },
      },
    },
    service: { extensions: [] },
  }
}

export async function post(url: string, request: TracesJson): Promise<Answer> {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  const text = await response.text()
  if (!response.ok) return 'refused'
  return text.includes('rejectedSpans') ? 'taken in part' : 'taken'
}

/** Holds one export at a time until it is released. */
type Gate = {
  /** Resolves when this export may be answered. */
  arrive(body: Buffer): Promise<void>
  /** The export that stands at the gate, or the next to come. */
  next(): Promise<Buffer>
  release(): void
  /** Lets everything through from now on. */
  open(): void
}

function createGate(): Gate {
  let waiting = Promise.withResolvers<Buffer>()
  let held = Promise.withResolvers<void>()
  let isOpen = false
  return {
    async arrive(body) {
      if (isOpen) return
      waiting.resolve(body)
      await held.promise
    },
    async next() {
      const timer = new AbortController()
      const late = delay(flushMillisMax, undefined, { signal: timer.signal }).then(() => {
        throw new Error(`the Collector flushed nothing within ${flushMillisMax} ms`)
      })
      late.catch(() => {})
      try {
        return await Promise.race([waiting.promise, late])
      } finally {
        timer.abort()
      }
    },
    release() {
      const { resolve } = held
      waiting = Promise.withResolvers()
      held = Promise.withResolvers()
      resolve()
    },
    open() {
      isOpen = true
      held.resolve()
    },
  }
}
