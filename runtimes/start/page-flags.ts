import type { Application } from '../application/define-application.ts'
import { listPlainPaths } from '../application/list-routes.ts'
import type { Served } from '../application/served.ts'
import type { Runtime } from '../runtime.ts'
import { runtimes as allRuntimes } from '../runtimes.ts'

type PageSettings = {
  readonly served: Served
  readonly runtimes: readonly Runtime[]
  /** Ports by runtime name, where they differ from the defaults. */
  readonly ports: ReadonlyMap<string, number>
}

/** The collector's arguments that tell its page about the services. */
export function renderPageFlags(settings: PageSettings): readonly string[] {
  const { name, title = name } = settings.served.application
  return ['--title', title, ...renderTryFlags(settings), ...renderKnownFlags(settings)]
}

function renderTryFlags({ served, runtimes, ports }: PageSettings): readonly string[] {
  const services = runtimes.map(
    ({ name, port }) => `${name}=http://127.0.0.1:${ports.get(name) ?? port}`,
  )
  return [
    ...services.flatMap((service) => ['--service', service]),
    ...listRequests(served.application).flatMap((request) => ['--try', request]),
  ]
}

/** What the application says, or else each GET that needs no parameter. */
function listRequests(application: Application): readonly string[] {
  return (
    application.requests ??
    listPlainPaths(application)
      .slice(0, requestsMax)
      .map((path) => `GET ${path}`)
  )
}

const requestsMax = 10

/** Declared differences, so that the page can mark them as known; the first runtime is the reference. */
function renderKnownFlags({ runtimes }: PageSettings): readonly string[] {
  const [reference] = allRuntimes
  const known = runtimes.flatMap(({ knownDifferences }) => knownDifferences)
  return [
    ...(reference === undefined ? [] : ['--reference', reference.name]),
    ...known.flatMap((difference) => ['--known', JSON.stringify(difference)]),
  ]
}
