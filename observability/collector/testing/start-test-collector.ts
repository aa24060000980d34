import { fileURLToPath } from 'node:url'
import type { CollectorConfig } from '../config/collector-config.ts'
import { readCollectorConfig } from '../config/read-collector-config.ts'
import { type Collector, type CollectorOptions, startCollector } from '../start-collector.ts'

const configPath = fileURLToPath(new URL('../../stack/collector.yaml', import.meta.url))

/** The project's own definition, whatever the environment says, and with no page allowed to send. */
export const testConfig: CollectorConfig = {
  ...readCollectorConfig(configPath, {}),
  corsAllowedOrigins: [],
}

/** A collector on a free port, with the project's own definition; stopped at the end of the test's block. */
export async function startTestCollector(
  options: Partial<CollectorOptions> = {},
): Promise<Collector & AsyncDisposable> {
  const collector = await startCollector({
    config: testConfig,
    host: '127.0.0.1',
    port: 0,
    ...options,
  })
  return { ...collector, [Symbol.asyncDispose]: collector.close }
}

/** What a question is answered with, as JSON. */
export async function ask<T>({ url }: { readonly url: string }, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`)
  // The caller says what it expects to read and checks that it is so.
  return (await response.json()) as T
}
