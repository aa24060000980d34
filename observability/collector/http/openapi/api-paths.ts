import { suggestionParameters } from '../../query/lists/list-suggestions.ts'
import { logParameters } from '../../query/logs/log-query.ts'
import { overviewParameters } from '../../query/overview/overview-query.ts'
import type { ParameterList } from '../../query/parameters.ts'
import { exportLimits, traceParameters } from '../../query/traces/trace-query.ts'
import type { apiSchemas } from './api-schemas.ts'

/** One method of a path: what it does, what it may be asked, and what it answers. */
export type ApiOperation = {
  readonly summary: string
  readonly parameters?: ParameterList
  /** A header that must be there, with its value. */
  readonly header?: { readonly name: string; readonly value: string }
  /** What a request's body is. */
  readonly body?: string
  /** JSON of a schema, a text by its type, or nothing. */
  readonly answer:
    | { readonly status: 200 | 201; readonly schema: keyof typeof apiSchemas }
    | { readonly status: 200; readonly type: string }
    | { readonly status: 204 }
  /** Beside those that every path may answer. */
  readonly problems?: readonly (400 | 404 | 409)[]
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const json = <Name extends keyof typeof apiSchemas>(schema: Name) =>
  ({ status: 200, schema }) as const
const nothing = { status: 204 } as const

const run = {
  run: {
    description:
      'A run of earlier: its id, or `last`. Without it, or for `current`, the run under way.',
  },
} as const

/**
 * Every path that the collector answers beside OTLP and its page. The router takes paths and methods from here, and
 * questions their parameters, so nothing can be asked that the OpenAPI document does not describe.
 */
export const apiPaths = {
  '/': {
    GET: {
      summary: 'This list; in a browser, the page',
      answer: { status: 200, type: 'text/plain' },
    },
  },
  '/api/traces': {
    GET: {
      summary: 'Traces, the newest first',
      parameters: { ...traceParameters, ...run },
      answer: json('TracePage'),
      problems: [400, 404],
    },
    DELETE: {
      summary: 'Forget all traces and log records',
      answer: json('Cleared'),
      problems: [400],
    },
  },
  '/api/cleared/{n}': {
    POST: {
      summary: 'Bring back what was forgotten, for 10 seconds',
      answer: nothing,
      problems: [400, 404],
    },
  },
  '/api/traces/{traceId}': {
    GET: {
      summary: 'One trace with its log records, as OTLP/JSON',
      parameters: run,
      answer: json('Trace'),
      problems: [400, 404],
    },
  },
  '/api/logs': {
    GET: {
      summary: 'Log records, the newest first',
      parameters: { ...logParameters, ...run },
      answer: json('LogPage'),
      problems: [400, 404],
    },
  },
  '/api/logs/{id}': {
    GET: {
      summary: 'One log record with its resource and scope, as OTLP/JSON',
      parameters: run,
      answer: json('WholeLogRecord'),
      problems: [400, 404],
    },
  },
  '/api/export': {
    GET: {
      summary: 'Traces and log records as a file: a request in OTLP/JSON to a line',
      parameters: {
        trace: { description: 'The id of one trace; not beside conditions.' },
        ...traceParameters,
        limit: {
          description: 'Traces in the file; all of them without it.',
          type: 'integer',
          minimum: 1,
          maximum: exportLimits.limitMax,
        },
        ...run,
      },
      answer: { status: 200, type: 'application/x-ndjson' },
      problems: [400, 404],
    },
  },
  '/api/overview': {
    GET: {
      summary: 'Rate, errors and exact quantiles of server spans, by operation and over time',
      parameters: { ...overviewParameters, ...run },
      answer: json('Overview'),
      problems: [400, 404],
    },
  },
  '/api/services': {
    GET: {
      summary: 'Services that send',
      parameters: run,
      answer: json('Services'),
      problems: [400, 404],
    },
  },
  '/api/runtimes': {
    GET: {
      summary: 'Runtimes that send',
      parameters: run,
      answer: json('Runtimes'),
      problems: [400, 404],
    },
  },
  '/api/suggestions': {
    GET: {
      summary: 'What a condition of `where` may begin with, or be compared with',
      parameters: { ...suggestionParameters, ...run },
      answer: json('Suggestions'),
      problems: [400, 404],
    },
  },
  '/api/metrics': {
    GET: {
      summary: 'Last values of the metrics that services send',
      answer: json('MetricList'),
      problems: [400],
    },
  },
  '/api/known-differences': {
    GET: {
      summary: 'Differences between runtimes, as they were declared',
      answer: json('DeclaredDifferences'),
      problems: [400],
    },
  },
  '/api/status': {
    GET: { summary: 'Counts and bounds', answer: json('CollectorStatus'), problems: [400] },
  },
  '/api/runs': {
    GET: { summary: 'What is kept of each start, and of files', answer: json('Runs') },
    POST: {
      summary: 'Import a file as a run',
      parameters: { name: { description: 'Name of the file.' } },
      body: 'OTLP, or traces of Jaeger or Tempo, in JSON or protobuf; gzip or not.',
      answer: { status: 201, schema: 'ImportedRun' },
      problems: [400, 404],
    },
  },
  '/api/runs/{id}': {
    DELETE: { summary: 'Forget a run', answer: nothing, problems: [404] },
  },
  '/api/runs/{id}/pin': {
    PUT: { summary: 'Keep a run until it is unpinned', answer: nothing, problems: [404] },
    DELETE: { summary: 'Let a run go when there are more', answer: nothing, problems: [404] },
  },
  '/api/try': {
    GET: { summary: 'Requests that may be sent to services', answer: json('TryTargets') },
    POST: {
      summary: 'Send them',
      header: { name: 'x-requested-by', value: 'viewer' },
      answer: json('TryResults'),
      problems: [409],
    },
  },
  '/api/openapi.json': {
    GET: {
      summary: 'This API as an OpenAPI document',
      answer: { status: 200, type: 'application/json' },
      problems: [400],
    },
  },
  '/metrics': {
    GET: {
      summary: 'Span metrics for Prometheus',
      answer: { status: 200, type: 'text/plain' },
    },
  },
  '/ready': {
    GET: { summary: '200 while it answers', answer: { status: 200, type: 'text/plain' } },
  },
} as const satisfies Record<string, Partial<Record<Method, ApiOperation>>>

/** A path as the document has it, such as `/api/traces/{traceId}`. */
export type ApiPath = keyof typeof apiPaths
