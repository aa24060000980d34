import { signal } from '@preact/signals'

/** The runtimes that the page speaks of, sorted: they share out the colours. */
export const runtimeNames = signal<readonly string[]>([])

/** The services that the page speaks of, sorted. */
export const serviceNames = signal<readonly string[]>([])

/** As the collector groups by runtime: a service that names none is among them by its own name. */
export const laneNames = signal<readonly string[]>([])
