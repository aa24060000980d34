import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FunctionSettings, startEnvironment } from '../execution-environment.ts'
import { createFleet, type Fleet } from '../fleet.ts'
import { createHttpHost } from '../http-host.ts'

export type TestHost = AsyncDisposable & {
  readonly fleet: Fleet
  readonly url: string
  readonly port: number
  /** All that the function and its platform have written so far. */
  readonly lines: readonly string[]
}

export type TestHostOptions = Partial<FunctionSettings> & {
  readonly environmentsMax?: number
  readonly waitingMax?: number
  readonly waitMillisMax?: number
}

/** A folder with a function for AWS's client: `index.mjs` with that content. */
export async function createFunctionFolder(
  source: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'todo-function-'))
  await writeFile(join(path, 'index.mjs'), source)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Runs a function behind HTTP, in this process. Nothing is started before the first request. */
export async function hostForTest(
  source: string,
  options: TestHostOptions = {},
): Promise<TestHost> {
  const { environmentsMax = 1, waitingMax = 100, waitMillisMax = 20_000, ...settings } = options
  const folder = await createFunctionFolder(source)
  const lines: string[] = []
  const onLine = (line: string) => lines.push(line)
  const fleet = createFleet({
    start: (environment) =>
      startEnvironment(
        {
          folder: folder.path,
          handler: 'index.handler',
          name: 'test',
          memoryMegabytes: 256,
          timeoutMillis: 20_000,
          initMillisMax: 20_000,
          variables: {},
          onLine,
          ...settings,
        },
        environment,
      ),
    environmentsMax,
    waitingMax,
    waitMillisMax,
  })
  const server = createHttpHost(fleet, onLine)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return {
    fleet,
    url: `http://127.0.0.1:${port}`,
    port,
    lines,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await fleet.stop()
      await folder[Symbol.asyncDispose]()
    },
  }
}
