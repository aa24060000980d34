import { shownRun } from './shown-run.ts'

/** The page's state in its URL; every view can be shared and reloaded. */
export type Address =
  | { readonly view: ViewName; readonly traceId: string; readonly parameters: Parameters }
  | { readonly view: 'unknown'; readonly path: string; readonly parameters: Parameters }

/** The views that an address may name. */
export type ViewName = 'overview' | 'traces' | 'trace' | 'compare' | 'logs' | 'metrics' | 'runs'

/** In the order of the URL; a name may come several times. */
export type Parameters = readonly (readonly [name: string, value: string])[]

/** Never fails: what makes no sense is the address `unknown`, or a value that its view refuses. */
export function parseAddress(path: string, search: string): Address {
  const parameters = [...new URLSearchParams(search)].filter(([, value]) => value !== '')
  const view = viewsByPath.get(path)
  if (view !== undefined) return { view, traceId: '', parameters }
  const [, id] = /^\/traces\/([^/]+)$/.exec(path) ?? []
  if (id === undefined) return { view: 'unknown', path, parameters }
  return { view: 'trace', traceId: decode(id), parameters }
}

const viewsByPath: ReadonlyMap<string, ViewName> = new Map([
  ['/', 'overview'],
  ['/traces', 'traces'],
  ['/compare', 'compare'],
  ['/logs', 'logs'],
  // `/metrics` is for Prometheus.
  ['/sent-metrics', 'metrics'],
  ['/runs', 'runs'],
])

/** The first value of that name; empty without one. */
export function readParameter(parameters: Parameters, name: string): string {
  return parameters.find(([own]) => own === name)?.[1] ?? ''
}

/** All values of that name, in the order of the address. */
export function readParameters(parameters: Parameters, name: string): readonly string[] {
  return parameters.flatMap(([own, value]) => (own === name ? [value] : []))
}

/** New values by name. `null`, `undefined`, an empty text and an empty list remove the parameter. */
export type ParameterChanges = Readonly<
  Record<string, string | number | readonly string[] | null | undefined>
>

/** The parameters with some of them replaced; an empty or absent value takes one away. */
export function changeParameters(parameters: Parameters, changes: ParameterChanges): Parameters {
  const kept = parameters.filter(([name]) => !Object.hasOwn(changes, name))
  const added = Object.entries(changes).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? value : [value ?? '']
    return values.filter((one) => one !== '').map((one) => [name, String(one)] as const)
  })
  return [...kept, ...added]
}

/** The URL of a view with these parameters; the trace view has `traceHref`. */
export function viewHref(
  view: Exclude<ViewName, 'trace'>,
  changes: ParameterChanges = {},
  parameters: Parameters = [],
): string {
  const path = [...viewsByPath].find(([, name]) => name === view)?.[0] ?? '/'
  return `${path}${renderSearch(changeParameters(parameters, { ...ofRun(), ...changes }))}`
}

/** The URL of one trace. */
export function traceHref(traceId: string, changes: ParameterChanges = {}): string {
  return `/traces/${encodeURIComponent(traceId)}${renderSearch(changeParameters([], { ...ofRun(), ...changes }))}`
}

/** Links stay in the run that is looked at. */
function ofRun(): ParameterChanges {
  return shownRun.value === '' ? {} : { run: shownRun.value }
}

/** The query with its `?`; empty without parameters. */
export function renderSearch(parameters: Parameters): string {
  if (parameters.length === 0) return ''
  return `?${new URLSearchParams(parameters.map(([name, value]) => [name, value]))}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
