import type { KnownDifference } from '../observability/comparison/differences/known-differences.ts'

/** One platform that serves the application: facts alone. How it is started here is in its `launcher.ts`. */
export type Runtime = {
  /** Also its folder here, and `hono.runtime.name` in what it sends. */
  readonly name: string
  /** As a person calls it. */
  readonly title: string
  /** What stands for the platform when it is launched here; `null` when it is the same program. */
  readonly emulation: string | null
  /** Default port of `npm start`. */
  readonly port: number
  /** Milliseconds for which it may still be sending after an answer, and would be cut off by SIGTERM. */
  readonly graceMillis: number
  /** Whether the platform takes a request in whole before the service hears of it. */
  readonly buffersRequests: boolean
  /** How the platform answers requests at the edge of HTTP by itself, by their name in `http-edge.ts`. */
  readonly httpEdge: Readonly<Record<string, string>>
  /** Declared differences from the reference, `runtimes[0]`; a stale entry fails the comparison. */
  readonly knownDifferences: readonly KnownDifference[]
}
