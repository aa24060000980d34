import type { Course, OrderRequest } from './order-traffic.ts'

/** Calls a tool, and gives the text of its answer. */
export type Ask = (tool: string, args: Readonly<Record<string, unknown>>) => Promise<string>

/** Something that is wrong with the shop, and what proves that it was found. */
export type PlantedFault = {
  readonly name: string
  /** What a person knows when the search begins. */
  readonly told: string
  readonly plant: (request: OrderRequest) => Partial<Course>
  readonly search: (ask: Ask) => Promise<unknown>
  /** All must stand in the answers. */
  readonly evidence: readonly RegExp[]
}

const never: Partial<Course> = {}

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'slow database on one runtime',
    told: 'POST /orders is slow on workers',
    plant: ({ runtime }) => (runtime === 'workers' ? { statementMillis: 60 } : never),
    search: async (ask) => {
      const slow = { where: 'name="POST /orders"' }
      const id = take(await ask('compare', slow), /^(t\w+) time: .*workers/m)
      await ask('explain', { id, ...slow })
    },
    evidence: [/"INSERT orders": .* on "workers", beyond chance/],
  },
  {
    name: 'lost connection to the database',
    told: 'some requests of shop answer 503',
    plant: ({ runtime, nth }) =>
      runtime === 'deno' && nth >= 20
        ? {
            status: 503n,
            fault: {
              at: 'connect',
              type: 'ECONNREFUSED',
              message: 'connect ECONNREFUSED db.internal:5432',
            },
          }
        : never,
    search: async (ask) => {
      const traceId = take(await ask('find_traces', { status: '503', limit: 1 }), idForm)
      await ask('trace', { traceId })
    },
    evidence: [/on "deno" HTTP 503/, /"CONNECT shop": "ECONNREFUSED"/],
  },
  {
    name: 'one runtime that drops the header traceparent',
    told: 'traces of POST /orders end before payments on some runtime',
    plant: ({ runtime }) => (runtime === 'bun' ? { isPropagated: false } : never),
    search: async (ask) => {
      const own = { where: 'name="POST /orders"' }
      const id = take(await ask('compare', own), /^(d\w+) difference: .*charge/m)
      await ask('explain', { id, ...own })
    },
    evidence: [/bun: .*\/charge: span is missing/],
  },
  {
    name: 'a value of another type',
    told: 'a chart of GET /orders/:id by status lacks lambda',
    plant: ({ runtime }) => (runtime === 'lambda' ? { status: '200' } : never),
    search: async (ask) => {
      const own = { where: 'name="GET /orders/:id"' }
      const id = take(await ask('compare', own), /^(d\w+) difference: .*lambda/m)
      await ask('explain', { id, ...own })
    },
    evidence: [/lambda: .*http\.response\.status_code is of another type/],
  },
  {
    name: 'a statement for each row',
    told: 'GET /orders is slower than it was',
    plant: () => ({ itemStatements: 40 }),
    search: async (ask) => {
      const slow = { where: 'name="GET /orders"', sort: 'duration', limit: 1 }
      await ask('trace', { traceId: take(await ask('find_traces', slow), idForm) })
    },
    evidence: [/"SELECT items" 40 times/],
  },
  {
    name: 'an error on workers alone',
    told: 'some requests of shop answer 500',
    plant: ({ runtime, operation, nth }) =>
      runtime === 'workers' && operation === 'GET /orders/:id' && nth % 4 === 3
        ? {
            status: 500n,
            fault: {
              at: 'server',
              type: 'TypeError',
              message: 'setTimeout().unref is not a function',
            },
          }
        : never,
    search: async (ask) => {
      await ask('operations', {})
      const traceId = take(await ask('find_traces', { status: '500', limit: 1 }), idForm)
      await ask('trace', { traceId })
    },
    evidence: [/"workers" "GET \/orders\/:id": .*5xx 6/, /unref is not a function/],
  },
  {
    name: 'a new version that fails',
    told: 'shop was deployed in a new version, service.version tells which; since then it fails now and then',
    plant: ({ nth, operation }) => {
      if (nth < 12) return never
      const version = '2.1.0'
      return operation === 'POST /orders' && nth % 2 === 0
        ? {
            version,
            status: 500n,
            fault: { at: 'server', type: 'RangeError', message: 'amount must not be negative' },
          }
        : { version }
    },
    search: async (ask) => {
      const by = { by: 'service.version' }
      const id = take(await ask('compare', by), /^(f\w+) failure: /m)
      await ask('explain', { id, ...by })
    },
    evidence: [/fails on 2\.1\.0/, /amount must not be negative/],
  },
  {
    name: 'a cold start',
    told: 'GET /orders/:id is sometimes slow on lambda',
    plant: ({ runtime, operation, nth }) =>
      runtime === 'lambda' && operation === 'GET /orders/:id' && nth % 12 === 0
        ? { coldStartMillis: 700 }
        : never,
    search: async (ask) => {
      const where = 'name="GET /orders/:id" hono.runtime.name=lambda'
      const slow = { where, sort: 'duration', limit: 1 }
      await ask('trace', { traceId: take(await ask('find_traces', slow), idForm) })
    },
    evidence: [/^cold start: /m],
  },
  {
    name: 'a slow third party',
    told: 'POST /orders sometimes takes half a second',
    plant: ({ nth }) => (nth % 6 === 5 ? { chargeMillis: 480 } : never),
    search: async (ask) => {
      const where = 'name="POST /orders"'
      const traceId = take(await ask('find_traces', { where, sort: 'duration', limit: 1 }), idForm)
      await ask('critical_path', { traceId })
    },
    evidence: [/"POST \/charge" of "payments" on "node" [45]\d\d ms/],
  },
  {
    name: 'log records without their trace',
    told: 'the log record of a request on node cannot be found by its trace',
    plant: ({ runtime }) => (runtime === 'node' ? { isLinked: false } : never),
    search: async (ask) => {
      const id = take(await ask('compare', {}), /^(d\w+) difference: .*log record/m)
      await ask('explain', { id })
      await ask('logs', { where: 'hono.runtime.name=node', limit: 3 })
    },
    evidence: [
      /log record request\.served .*: "node" is the odd one/,
      /on "node" event "request\.served" "request served" of no trace$/m,
    ],
  },
]

const idForm = /^([\da-f]{32}) /m

/** @throws Error when the answer has nothing of that form. */
function take(answer: string, form: RegExp): string {
  const [, found] = form.exec(answer) ?? []
  if (found === undefined)
    throw new Error(`expected ${form} in an answer, got ${answer.slice(0, 200)}`)
  return found
}
