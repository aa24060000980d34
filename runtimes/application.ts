import { createApp } from '../src/app.ts'
import { scenario } from '../src/scenario.ts'
import { migrations } from '../src/todos/migrations.ts'
import { createTodoRepository } from '../src/todos/repository.ts'
import type { Database } from '../src/todos/table.ts'
import { defineApplication } from './application/define-application.ts'

/** Which app this repository serves. `docs/own-app.md` says what else to change for another one. */
export default defineApplication({
  name: 'todo-api',
  title: 'Todo, everywhere',
  version: '0.1.0',
  database: { name: 'todo', migrations },
  readyPath: '/ready',
  scenario,
  // Each kind of answer once, and one Todo.
  requests: [
    'GET /api/v1/todos?limit=5',
    'POST /api/v1/todos {"title":"sent from the page"}',
    'GET /api/v1/todos/00000000-0000-4000-8000-000000000000',
    'POST /api/v1/todos {"title":""}',
  ],
  staticFiles: { package: 'swagger-ui-dist', names: ['swagger-ui.css', 'swagger-ui-bundle.js'] },
  create: ({ version, log, database, ping, readOutage, readStaticFile, settings }) =>
    createApp({
      todos: createTodoRepository(database<Database>()),
      log,
      ping,
      readOutage,
      readDocsFile: readStaticFile,
      version,
      ...(settings.allowedHosts && { allowedHosts: settings.allowedHosts }),
      allowedOrigins: settings.allowedOrigins,
      bodyBytesMax: settings.bodyBytesMax,
    }),
})
