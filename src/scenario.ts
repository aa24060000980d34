/** What an operation has remembered for those after it. */
type Memory = Readonly<Record<string, string>>
type Answer = { readonly headers: readonly (readonly [name: string, value: string])[] }

const todos = '/api/v1/todos'
const unknownId = '00000000-0000-4000-8000-000000000000'

/**
 * What every runtime is asked of the Todo API by `npm run compare` and `npm run load`. Each operation leaves the database
 * as it found it.
 */
export const scenario = {
  name: 'todos',
  operations: [
    {
      name: 'create',
      request: {
        method: 'POST',
        path: todos,
        body: { title: 'compare runtimes', description: 'made by npm run compare' },
      },
      remember(answer: Answer): Memory {
        const [, todo] = answer.headers.find(([name]) => name === 'location') ?? []
        return todo === undefined ? {} : { todo }
      },
      undo: ({ todo }: Memory) => (todo ? { method: 'DELETE', path: todo } : null),
    },
    // One, and the newest: what else is in the database is none of the comparison's business.
    { name: 'list', after: ['create'], request: { path: `${todos}?limit=1` } },
    { name: 'get', after: ['create'], request: ({ todo = todos }: Memory) => ({ path: todo }) },
    {
      name: 'update',
      after: ['create'],
      request: ({ todo = todos }: Memory) => ({
        method: 'PUT',
        path: todo,
        body: { completed: true },
      }),
    },
    {
      name: 'delete',
      after: ['create'],
      request: ({ todo = todos }: Memory) => ({ method: 'DELETE', path: todo }),
      // What was to be taken back is gone.
      remember: () => ({ todo: '' }),
    },
    { name: 'unknown id', expects: 404, request: { path: `${todos}/${unknownId}` } },
    {
      name: 'invalid body',
      expects: 400,
      request: { method: 'POST', path: todos, body: { title: '', completed: 'yes' } },
    },
    {
      name: 'malformed JSON',
      expects: 400,
      request: { method: 'POST', path: todos, body: '{"title":' },
    },
  ],
  answers: {
    body: [
      {
        operation: 'list',
        pointer: '/0/*',
        ignore: 'value',
        reason: 'the newest Todo may be one that another request has just changed',
      },
    ],
  },
} as const
