import type { TryResult, TryTargets } from '../../../wire/try.ts'
import { ask, fromJson } from './asking/ask.ts'
import { orNull, readList, readNumber, readObject, readText } from './asking/json.ts'

/** Reads `GET /api/try`. @throws UnexpectedAnswer that names the field. */
export function readTryTargets(value: unknown): TryTargets {
  const targets = readObject(value, 'answer')
  return {
    services: readList(targets.services, 'services', (item, where) => {
      const service = readObject(item, where)
      return {
        name: readText(service.name, `${where}.name`),
        url: readText(service.url, `${where}.url`),
      }
    }),
    requests: readList(targets.requests, 'requests', readText),
  }
}

/** Makes the collector send them. A page of another origin may not send this header. */
export function sendTryRequests(signal: AbortSignal) {
  return ask('/api/try', fromJson(readOutcomes), signal, {
    method: 'POST',
    headers: { 'x-requested-by': 'viewer' },
  })
}

function readOutcomes(value: unknown): readonly TryResult[] {
  return readList(readObject(value, 'answer').results, 'results', (item, where) => {
    const result = readObject(item, where)
    return {
      service: readText(result.service, `${where}.service`),
      request: readText(result.request, `${where}.request`),
      status: orNull(readNumber)(result.status, `${where}.status`),
    }
  })
}
