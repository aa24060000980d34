import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

/** A service that requests may be sent to. */
const tryServiceSchema = v.pipe(
  v.strictObject({
    name: v.string(),
    url: described(v.string(), 'Without a path: `http://127.0.0.1:8001`.'),
  }),
  v.readonly(),
)
/** A running service that the page's button can send requests to. */
export type TryService = v.InferOutput<typeof tryServiceSchema>

/** `GET /api/try`: the services and requests that the collector may send for the reader. */
export const tryTargetsSchema = v.pipe(
  v.strictObject({
    services: v.pipe(v.array(tryServiceSchema), v.readonly()),
    requests: described(v.pipe(v.array(v.string()), v.readonly()), 'Such as `GET /api/v1/todos`.'),
  }),
  v.readonly(),
)
/** What the page's button can send, and where. */
export type TryTargets = v.InferOutput<typeof tryTargetsSchema>

/** The result of one request. */
const tryResultSchema = v.pipe(
  v.strictObject({
    service: v.string(),
    request: v.string(),
    status: described(v.nullable(v.number()), '`null` when no answer came.'),
  }),
  v.readonly(),
)
/** How one service answered one request. */
export type TryResult = v.InferOutput<typeof tryResultSchema>

/** `POST /api/try` */
export const tryResultsSchema = v.pipe(
  v.strictObject({ results: v.pipe(v.array(tryResultSchema), v.readonly()) }),
  v.readonly(),
)
/** How each service answered each request. */
export type TryResults = v.InferOutput<typeof tryResultsSchema>
