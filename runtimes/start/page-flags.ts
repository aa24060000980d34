import type { Served } from '../application/served.ts'
import type { Runtime } from '../runtime.ts'
import { runtimes as allRuntimes } from '../runtimes.ts'

export type PageSettings = {
  readonly served: Served
  readonly runtimes: readonly Runtime[]
  /** Where a runtime listens, by its name, unless it is where the list says. */
  readonly ports: ReadonlyMap<string, number>
}

/** What the collector's page is told of the services, as arguments of the collector. */
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

/** What is known to differ, for the page to tell it apart; the list's first is what the others differ from. */
function renderKnownFlags({ runtimes }: PageSettings): readonly string[] {
  const [reference] = allRuntimes
  const known = runtimes.flatMap(({ knownDifferences }) => knownDifferences)
  return [
    ...(reference === undefined ? [] : ['--reference', reference.name]),
    ...known.flatMap((difference) => ['--known', JSON.stringify(difference)]),
  ]
}
