import { declaredDifferencesSchema } from '../../../wire/known-differences.ts'
import { logPageSchema } from '../../../wire/logs.ts'
import { metricsSchema } from '../../../wire/metrics.ts'
import {
  anyValueSchema,
  attributeSchema,
  logRecordJsonSchema,
  traceJsonSchema,
} from '../../../wire/otlp-schemas.ts'
import { overviewSchema } from '../../../wire/overview.ts'
import { problemSchema } from '../../../wire/problem.ts'
import { importedRunSchema, runsSchema } from '../../../wire/runs.ts'
import { runtimesSchema, servicesSchema } from '../../../wire/sources.ts'
import { collectorStatusSchema } from '../../../wire/status.ts'
import { suggestionsSchema } from '../../../wire/suggestions.ts'
import { tracePageSchema } from '../../../wire/traces.ts'
import { tryResultsSchema, tryTargetsSchema } from '../../../wire/try.ts'

/** What the collector answers, by the name that the OpenAPI document gives it. */
export const apiSchemas = {
  AnyValue: anyValueSchema,
  Attribute: attributeSchema,
  CollectorStatus: collectorStatusSchema,
  DeclaredDifferences: declaredDifferencesSchema,
  ImportedRun: importedRunSchema,
  LogPage: logPageSchema,
  LogRecord: logRecordJsonSchema,
  MetricList: metricsSchema,
  Overview: overviewSchema,
  Problem: problemSchema,
  Runs: runsSchema,
  Runtimes: runtimesSchema,
  Services: servicesSchema,
  Suggestions: suggestionsSchema,
  Trace: traceJsonSchema,
  TracePage: tracePageSchema,
  TryResults: tryResultsSchema,
  TryTargets: tryTargetsSchema,
} as const
