import type {
  EnvironmentOptions,
  ExecutionEnvironment,
  FunctionEvent,
} from './execution-environment.ts'
import { InvokeError } from './invoke-error.ts'

/** As many execution environments as the events at one time need, within bounds. */
export type Fleet = {
  /** Starts one ahead of the first event. Rejects with an `InvokeError` when it cannot be started. */
  warmUp(): Promise<void>
  /** Gives an event to an environment, when there is one free. Resolves with what it posted; rejects with an `InvokeError`. */
  invoke(event: FunctionEvent): Promise<string>
  /** Ends all of them. Resolves when they have ended. */
  stop(): Promise<void>
}

type FleetOptions = {
  readonly start: (options: EnvironmentOptions) => Promise<ExecutionEnvironment>
  /** Environments at one time. */
  readonly environmentsMax: number
  /** Events that may wait for one; Lambda itself starts another and has no queue. */
  readonly waitingMax: number
  /** How long an event may wait for a busy environment. */
  readonly waitMillisMax: number
}

type Member = {
  /** `answered`: its event has its answer, and it will ask for the next at any moment. */
  state: 'starting' | 'free' | 'busy' | 'answered'
  environment?: ExecutionEnvironment
  readonly gone: PromiseWithResolvers<void>
}

type Waiting = {
  readonly event: FunctionEvent
  readonly answer: PromiseWithResolvers<string>
}

/**
 * Hands events to environments: each has one at a time, the last that came free gets the next, and another is started
 * when more events wait than environments are about to be free.
 */
export function createFleet(options: FleetOptions): Fleet {
  const { start, environmentsMax, waitingMax, waitMillisMax } = options
  const members = new Set<Member>()
  const free: Member[] = []
  const waiting: Waiting[] = []
  const stopping = new AbortController()

  function dispatch(): void {
    while (waiting.length > 0) {
      const member = free.pop()
      if (member === undefined) break
      const next = waiting.shift()
      if (next !== undefined) run(member, next)
    }
    const soonFree = [...members].filter(
      ({ state }) => state === 'starting' || state === 'answered',
    ).length
    for (let missing = waiting.length - soonFree; missing > 0; missing -= 1)
      if (members.size < environmentsMax) add().catch(failNext)
  }

  function run(member: Member, { event, answer }: Waiting): void {
    member.state = 'busy'
    const posted = member.environment?.invoke(event) ?? Promise.reject(new Error('never started'))
    posted.then(answer.resolve, answer.reject).finally(() => {
      if (member.state === 'busy') member.state = 'answered'
    })
  }

  async function add(): Promise<void> {
    const member: Member = { state: 'starting', gone: Promise.withResolvers() }
    members.add(member)
    try {
      const environment = await start({
        onFree: () => release(member),
        stopping: stopping.signal,
      })
      member.environment = environment
      void environment.ended.then(() => {
        remove(member)
        dispatch()
      })
    } catch (error) {
      remove(member)
      throw error
    }
    release(member)
  }

  function remove(member: Member): void {
    members.delete(member)
    if (free.includes(member)) free.splice(free.indexOf(member), 1)
    member.gone.resolve()
  }

  function release(member: Member): void {
    member.state = 'free'
    free.push(member)
    dispatch()
  }

  function giveUp(entry: Waiting): void {
    const index = waiting.indexOf(entry)
    const isStarting = [...members].some(({ state }) => state === 'starting')
    if (index === -1 || isStarting) return // it is being served, or will be
    waiting.splice(index, 1)
    entry.answer.reject(
      new InvokeError('throttled', `no environment was free within ${waitMillisMax} ms`),
    )
  }

  /** Each failed start takes one event with it: a function that cannot start must not be started for ever. */
  function failNext(error: unknown): void {
    waiting.shift()?.answer.reject(error)
    dispatch()
  }

  return {
    warmUp: add,
    async invoke(event) {
      if (stopping.signal.aborted) throw new InvokeError('function', 'the host is stopping')
      if (waiting.length >= waitingMax)
        throw new InvokeError('throttled', `${waitingMax} events wait already`)
      const entry = { event, answer: Promise.withResolvers<string>() }
      waiting.push(entry)
      const patience = setInterval(() => giveUp(entry), waitMillisMax)
      dispatch()
      return entry.answer.promise.finally(() => clearInterval(patience))
    },
    async stop() {
      stopping.abort()
      for (const { answer } of waiting.splice(0))
        answer.reject(new InvokeError('function', 'the host is stopping'))
      await Promise.all([...members].map(({ gone }) => gone.promise))
    },
  }
}
