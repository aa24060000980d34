import { randomUUID } from 'node:crypto'

/** One request of the scenario. */
export type ScenarioRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** Sent as `application/json`. */
  readonly body?: string
}

export type Operation = {
  readonly name: string
  /** @param todoPath Of the Todo that this runtime's last `create` made. */
  createRequest(todoPath: string): ScenarioRequest
}

const todos = '/api/v1/todos'
const unknownId = randomUUID()

/** What every runtime is asked, in this order, so that each leaves the database as it found it. */
export const scenario: readonly Operation[] = [
  {
    name: 'create',
    createRequest: () => ({
      method: 'POST',
      path: todos,
      body: '{"title":"compare runtimes","description":"made by npm run compare"}',
    }),
  },
  // One, and the newest: what else is in the database is none of the comparison's business.
  { name: 'list', createRequest: () => ({ method: 'GET', path: `${todos}?limit=1` }) },
  { name: 'get', createRequest: (todoPath) => ({ method: 'GET', path: todoPath }) },
  {
    name: 'update',
    createRequest: (todoPath) => ({ method: 'PUT', path: todoPath, body: '{"completed":true}' }),
  },
  { name: 'delete', createRequest: (todoPath) => ({ method: 'DELETE', path: todoPath }) },
  { name: 'unknown id', createRequest: () => ({ method: 'GET', path: `${todos}/${unknownId}` }) },
  {
    name: 'invalid body',
    createRequest: () => ({ method: 'POST', path: todos, body: '{"title":"","completed":"yes"}' }),
  },
  {
    name: 'malformed JSON',
    createRequest: () => ({ method: 'POST', path: todos, body: '{"title":' }),
  },
]
