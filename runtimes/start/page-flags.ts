import type { Runtime } from '../runtime.ts'
import { runtimes as allRuntimes } from '../runtimes.ts'

export type PageSettings = {
  readonly runtimes: readonly Runtime[]
  /** Ports by runtime name, where they differ from the defaults. */
  readonly ports: ReadonlyMap<string, number>
}

/** The collector's arguments that tell its page about the services. */
export function renderPageFlags(settings: PageSettings): readonly string[] {
  return [...renderTryFlags(settings), ...renderKnownFlags(settings)]
}

/** The requests of the page's button, for every runtime: each kind of answer once, and one Todo. */
const tryRequests: readonly string[] = [
  'GET /api/v1/todos?limit=5',
  'POST /api/v1/todos {"title":"sent from the page"}',
  'GET /api/v1/todos/00000000-0000-4000-8000-000000000000',
  'POST /api/v1/todos {"title":""}',
]

function renderTryFlags({ runtimes, ports }: PageSettings): readonly string[] {
  const services = runtimes.map(
    ({ name, port }) => `${name}=http://127.0.0.1:${ports.get(name) ?? port}`,
  )
  return [
    ...services.flatMap((service) => ['--service', service]),
    ...tryRequests.flatMap((request) => ['--try', request]),
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
