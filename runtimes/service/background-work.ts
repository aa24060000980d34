import type { Telemetry } from '../../observability/telemetry/telemetry.ts'
import { within } from './within.ts'

/** What an app has begun and does not answer with, on platforms that have nothing of the kind. */
export type BackgroundWork = {
  /** What a Hono app finds as `c.executionCtx`, as Workers have it. */
  readonly executionContext: {
    waitUntil(promise: Promise<unknown>): void
    passThroughOnException(): void
    readonly props: Readonly<Record<string, never>>
  }
  /** Resolves when all of it has ended, or after that time. */
  settle(millisMax: number): Promise<void>
}

/** Work that fails is logged, as nobody waits for it. */
export function createBackgroundWork(log: Telemetry['log']): BackgroundWork {
  const pending = new Set<Promise<unknown>>()
  return {
    executionContext: {
      waitUntil(promise) {
        const settled: Promise<unknown> = Promise.resolve(promise)
          .catch((error: unknown) =>
            log({
              severity: 'error',
              event: 'background.failed',
              message: 'work that was given to waitUntil failed',
              error,
            }),
          )
          .finally(() => pending.delete(settled))
        pending.add(settled)
      },
      passThroughOnException() {},
      props: {},
    },
    async settle(millisMax) {
      // What is waited for may give more to wait for.
      for (const deadline = performance.now() + millisMax; pending.size > 0; ) {
        const left = deadline - performance.now()
        if (left <= 0 || (await within(left, Promise.all(pending))) === undefined) return
      }
    },
  }
}
