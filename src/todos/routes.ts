import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import * as v from 'valibot'
import { Problem } from '../http/problem.ts'
import { validatedJson, validatedParam, validatedQuery } from '../http/validated.ts'
import type { Logger } from '../logger.ts'
import { describeJson, describeProblems } from '../openapi.ts'
import type { TodoRepository } from './repository.ts'
import {
  limitMax,
  pageSchema,
  todoCreateSchema,
  todoIdSchema,
  todoSchema,
  todoUpdateSchema,
} from './schema.ts'

const tags = ['Todos']

/** The five operations on Todos, relative to where they are mounted. */
export function todoRoutes(todos: TodoRepository, log: Logger, bodyBytesMax: number): Hono {
  return new Hono()
    .get(
      '/',
      describeRoute({
        operationId: 'listTodos',
        summary: `List the Todos, newest first, up to ${limitMax} at a time`,
        description: 'A parameter that is given twice is refused, an unknown one is ignored.',
        tags,
        responses: {
          ...describeJson(200, 'The Todos.', v.array(todoSchema)),
          ...describeProblems(400, 503),
        },
      }),
      validatedQuery(pageSchema),
      async (c) => {
        const page = await todos.list(c.req.valid('query'))
        const attributes = { 'todo.count': page.length }
        log({ severity: 'info', event: 'todo.listed', message: 'todos listed', attributes })
        return c.json(page)
      },
    )
    .post(
      '/',
      describeRoute({
        operationId: 'createTodo',
        summary: 'Create a Todo',
        tags,
        responses: {
          ...describeJson(201, 'The Todo as it was stored.', todoSchema, {
            Location: 'The path of the new Todo.',
          }),
          ...describeProblems(400, 413, 415, 503),
        },
      }),
      validatedJson(todoCreateSchema, bodyBytesMax),
      async (c) => {
        const todo = await todos.create(c.req.valid('json'))
        log(entry('todo.created', 'todo created', todo.id))
        return c.json(todo, 201, { location: `${todosPath}/${todo.id}` })
      },
    )
    .get(
      '/:id',
      describeRoute({
        operationId: 'getTodo',
        summary: 'Get a Todo',
        tags,
        responses: {
          ...describeJson(200, 'The Todo.', todoSchema),
          ...describeProblems(400, 404, 503),
        },
      }),
      validatedParam(todoIdSchema),
      async (c) => {
        const { id } = c.req.valid('param')
        const todo = (await todos.get(id)) ?? notFound(log, id)
        log(entry('todo.retrieved', 'todo retrieved', todo.id))
        return c.json(todo)
      },
    )
    .put(
      '/:id',
      describeRoute({
        operationId: 'updateTodo',
        summary: 'Change the fields of a Todo that are present',
        description:
          '`updated_at` moves at every change; it stays when no known field is present. A `description` of null clears it.',
        tags,
        responses: {
          ...describeJson(200, 'The Todo after the change.', todoSchema),
          ...describeProblems(400, 404, 413, 415, 503),
        },
      }),
      validatedParam(todoIdSchema),
      validatedJson(todoUpdateSchema, bodyBytesMax),
      async (c) => {
        const { id } = c.req.valid('param')
        const todo = (await todos.update(id, c.req.valid('json'))) ?? notFound(log, id)
        log(entry('todo.updated', 'todo updated', todo.id))
        return c.json(todo)
      },
    )
    .delete(
      '/:id',
      describeRoute({
        operationId: 'deleteTodo',
        summary: 'Delete a Todo',
        tags,
        responses: { 204: { description: 'It is gone.' }, ...describeProblems(400, 404, 503) },
      }),
      validatedParam(todoIdSchema),
      async (c) => {
        const { id } = c.req.valid('param')
        if (!(await todos.remove(id))) notFound(log, id)
        log(entry('todo.deleted', 'todo deleted', id))
        return c.body(null, 204)
      },
    )
}

/** The routes' base path; a created Todo's `Location` begins with it. */
export const todosPath = '/api/v1/todos'

function notFound(log: Logger, id: string): never {
  log(entry('todo.not_found', 'todo not found', id))
  throw new Problem(404, 'no such todo')
}

function entry(event: string, message: string, id: string): Parameters<Logger>[0] {
  return { severity: 'info', event, message, attributes: { 'todo.id': id } }
}
