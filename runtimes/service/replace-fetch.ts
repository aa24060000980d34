import type { FetchFunction } from '../../observability/telemetry/fetch/traced-fetch.ts'

// An app may take `fetch` when it is imported, before there is telemetry: it finds this one, which can be replaced
// behind it. To be imported ahead of the application.

const original: FetchFunction = globalThis.fetch.bind(globalThis)
let current = original

Object.assign(globalThis, {
  // Bun's has functions of its own on it.
  fetch: Object.assign<FetchFunction, object>(
    (input, init) => current(input, init),
    globalThis.fetch,
  ),
})

/** Has everything that this process asks of others go through what `make` gives. */
export function replaceFetch(make: (original: FetchFunction) => FetchFunction): void {
  current = make(original)
}
