import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Child, startChild } from '../../processes/child.ts'
import { InvokeError } from './invoke-error.ts'
import { type RuntimeApi, serveRuntimeApi } from './runtime-api.ts'

/** The function to run, as in the template, and its bounds. */
export type FunctionSettings = {
  /** Absolute; what a deployment would unpack from the archive. */
  readonly folder: string
  /** Such as `index.handler`. */
  readonly handler: string
  readonly name: string
  readonly memoryMegabytes: number
  /** From the delivery of an event to the request for the next. */
  readonly timeoutMillis: number
  /** From the start of the process to its first request for an event. */
  readonly initMillisMax: number
  /** The function's own variables, on top of what this process has. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Takes each line that the function writes. */
  readonly onLine: (line: string) => void
}

/** An event, with the ids under which it is known. */
export type FunctionEvent = {
  readonly requestId: string
  readonly traceId: string
  /** JSON. */
  readonly event: string
}

/**
 * A process in which a function waits for one event after the other, and stands still in between.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export type ExecutionEnvironment = {
  readonly pid: number
  /** Gives it an event, which it must be free for. Resolves with what it posted; rejects with an `InvokeError`. */
  invoke(event: FunctionEvent): Promise<string>
  /** Resolves when its process has ended, for any reason. */
  readonly ended: Promise<unknown>
}

/** What ties an environment to the fleet that it belongs to. */
export type EnvironmentOptions = {
  /** Told when it has asked for another event, and stands still. */
  readonly onFree: () => void
  /** Ends it where it stands, as the platform does: a function is not told. */
  readonly stopping: AbortSignal
}

/** Windows cannot stop a process and let it go on: there, a function runs on between events. */
const canFreeze = process.platform !== 'win32'

/**
 * Starts a function in AWS's own runtime interface client. Resolves when it has asked for its first event.
 *
 * @throws InvokeError when it ended before, could not be loaded, or took too long.
 */
export async function startEnvironment(
  settings: FunctionSettings,
  { onFree, stopping }: EnvironmentOptions,
): Promise<ExecutionEnvironment> {
  const { name, timeoutMillis, onLine } = settings
  const started = Promise.withResolvers<void>()
  let answered: PromiseWithResolvers<string> | undefined
  let deadline: NodeJS.Timeout | undefined
  let child: Child | undefined

  const api = await serveRuntimeApi({
    onNext() {
      clearTimeout(deadline)
      signal('SIGSTOP')
      if (answered === undefined) started.resolve()
      else onFree()
    },
    onResponse: (payload) => answered?.resolve(payload),
    onError: (message) => answered?.reject(new InvokeError('function', message)),
    onInitError: (message) => started.reject(new InvokeError('function', message)),
  })

  function signal(what: NodeJS.Signals): void {
    if (canFreeze && child !== undefined && !child.hasEnded()) process.kill(child.pid, what)
  }

  function end(kind: 'function' | 'time-out', message: string): void {
    const error = new InvokeError(kind, message)
    started.reject(error)
    answered?.reject(error)
    void child?.stop()
  }

  // A rejection may come before anybody waits for it.
  started.promise.catch(() => {})
  child = await startChild({ ...describeProcess(settings, api), onLine, stopSignal: 'SIGKILL' })
  const onStop = () => end('function', 'the host is stopping')
  const slow = setTimeout(
    () => end('time-out', `the function was not ready after ${settings.initMillisMax} ms`),
    settings.initMillisMax,
  )
  const ended = child.ended.then((how) => {
    clearTimeout(slow)
    clearTimeout(deadline)
    stopping.removeEventListener('abort', onStop)
    api.close()
    end('function', `Runtime.ExitError: the function's process has ended (${how})`)
  })
  stopping.addEventListener('abort', onStop)
  if (stopping.aborted) onStop()
  try {
    await started.promise
  } catch (error) {
    await child.stop()
    throw error
  } finally {
    clearTimeout(slow)
  }

  return {
    pid: child.pid,
    async invoke({ requestId, traceId, event }) {
      answered = Promise.withResolvers()
      deadline = setTimeout(
        () => end('time-out', `${requestId} Task timed out after ${timeoutMillis / 1000} seconds`),
        timeoutMillis,
      )
      signal('SIGCONT')
      api.deliver({
        requestId,
        event,
        traceId,
        deadlineMillis: Date.now() + timeoutMillis,
        functionArn: `arn:aws:lambda:${region}:000000000000:function:${name}`,
      })
      return answered.promise
    },
    ended,
  }
}

const region = process.env.AWS_REGION ?? 'us-east-1'

/** The client, started with the variables that the platform sets. */
function describeProcess(settings: FunctionSettings, api: RuntimeApi) {
  const { folder, handler, name, memoryMegabytes, variables } = settings
  const require = createRequire(import.meta.url)
  const client = join(require.resolve('aws-lambda-ric/package.json'), '..', 'index.mjs')
  return {
    program: process.execPath,
    args: [
      '--import',
      pathToFileURL(join(import.meta.dirname, 'native-client.ts')).href,
      `--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`,
      client,
    ],
    cwd: folder,
    env: {
      ...process.env,
      ...variables,
      TZ: ':UTC',
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: folder,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `local/${randomUUID()}`,
    },
  }
}
