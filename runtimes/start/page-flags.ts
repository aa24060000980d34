import type { Served } from '../application/served.ts'
import type { Runtime } from '../runtime.ts'
import { runtimes as allRuntimes } from '../runtimes.ts'

export type PageSettings = {
  readonly served: Served
  readonly runtimes: readonly Runtime[]
  /** Ports by runtime name, where they differ from the defaults. */
  readonly ports: ReadonlyMap<string, number>
}

/** The collector's arguments that tell its page about the services. */
export function renderPageFlags(settings: PageSettings): readonly string[] {
  return [...renderTryFlags(settings), ...renderKnownFlags(settings)]
}

function renderTryFlags({ served, runtimes, ports }: PageSettings): readonly string[] {
  const services = runtimes.map(
    ({ name, port }) => `${name}=http://127.0.0.1:${ports.get(name) ?? port}`,
  )
  return [
    ...services.flatMap((service) => ['--service', service]),
    ...(served.application.requests ?? []).flatMap((request) => ['--try', request]),
  ]
}

/** Declared differences, so that the page can mark them as known; the first runtime is the reference. */
function renderKnownFlags({ runtimes }: PageSettings): readonly string[] {
  const [reference] = allRuntimes
  const known = runtimes.flatMap(({ knownDifferences }) => knownDifferences)
  return [
    ...(reference === undefined ? [] : ['--reference', reference.name]),
    ...known.flatMap((difference) => ['--known', JSON.stringify(difference)]),
  ]
}
