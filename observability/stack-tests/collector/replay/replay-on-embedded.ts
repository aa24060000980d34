import { defaultBounds } from '../../../collector/bounds.ts'
import { parseCollectorConfig } from '../../../collector/config/collector-config.ts'
import type { Forwarder } from '../../../collector/forward/forwarder.ts'
import { createPipeline, type Pipeline } from '../../../collector/pipeline.ts'
import { decodeRequest } from '../../../collector/receive/decode-request.ts'
import type { WireRequest } from '../../../collector/receive/receiver.ts'
import { createCounters } from '../../../collector/status/counters.ts'
import { DecodeError } from '../../../otlp/refusals/decode-error.ts'
import type { Answer, ParityCase, StepResult, TracesJson } from './parity-case.ts'

/** Any time will do; this one is easy to tell from a real one. */
const startMillis = Date.UTC(2030, 0, 1)
/** About as little as passes between the requests and the flush of a step on the real one. */
const stepMillis = 1

/** Plays a case on the embedded collector: its decoder, its pipeline, and what it would forward. */
export function replayOnEmbedded({ config, steps, name }: ParityCase): readonly StepResult[] {
  let nowMillis = startMillis
  const forwarded: WireRequest[] = []
  const pipeline = createPipeline({
    config: parseCollectorConfig(config, name, {}),
    bounds: defaultBounds,
    counters: createCounters(),
    forwarder: createCapture(forwarded),
    nowMillis: () => nowMillis,
    // Cases count by repeating a span. That ours counts it once is said in docs/stack.md.
    countsResends: true,
  })
  return steps.map(({ send, afterMillis = 0 }) => {
    nowMillis += afterMillis
    const answers = send.map((request) => accept(pipeline, request))
    forwarded.length = 0
    nowMillis += stepMillis
    pipeline.flush()
    return { answers, metrics: forwarded[0]?.body.toString('utf8') ?? '{}' }
  })
}

function accept(pipeline: Pipeline, json: TracesJson): Answer {
  const body = Buffer.from(JSON.stringify(json))
  try {
    const request = decodeRequest('traces', 'json', body)
    const wire: WireRequest = {
      signal: 'traces',
      encoding: 'json',
      body,
      gzipped: undefined,
      via: undefined,
    }
    const { rejected = 0 } = pipeline.accept(request, wire) ?? {}
    return rejected === 0 ? 'taken' : 'taken in part'
  } catch (error) {
    if (error instanceof DecodeError) return 'refused'
    throw error
  }
}

/** Replaces the network: compares the requests that would be forwarded. */
function createCapture(forwarded: WireRequest[]): Forwarder {
  return {
    add(request) {
      if (request.signal === 'metrics') forwarded.push(request)
    },
    stats: () => ({
      endpoint: '',
      delivered: 0,
      partlyDelivered: 0,
      refused: 0,
      dropped: 0,
      failedTries: 0,
      waiting: 0,
      waitingBytes: 0,
      isFailing: false,
    }),
    async close() {},
  }
}
