import {
  declaredDifferenceSchema,
  declaredDifferencesSchema,
} from '../../../wire/known-differences.ts'
import { logLineSchema, logPageSchema } from '../../../wire/logs.ts'
import { metricsSchema, receivedMetricSchema } from '../../../wire/metrics.ts'
import {
  anyValueSchema,
  attributeSchema,
  logRecordJsonSchema,
  logRecordSchema,
  resourceSchema,
  scopeSchema,
  spanSchema,
  traceJsonSchema,
} from '../../../wire/otlp-schemas.ts'
import {
  operationNumbersSchema,
  overviewSchema,
  requestNumbersSchema,
} from '../../../wire/overview.ts'
import { problemSchema } from '../../../wire/problem.ts'
import { clearedSchema, importedRunSchema, runSchema, runsSchema } from '../../../wire/runs.ts'
import { runtimesSchema, servicesSchema, sourceCountSchema } from '../../../wire/sources.ts'
import { collectorStatusSchema } from '../../../wire/status.ts'
import { suggestionsSchema } from '../../../wire/suggestions.ts'
import { tracePageSchema, traceSummarySchema } from '../../../wire/traces.ts'
import { tryResultsSchema, tryTargetsSchema } from '../../../wire/try.ts'

/** What the collector answers, and what it is made of, by the name that the OpenAPI document gives it. */
export const apiSchemas = {
  AnyValue: anyValueSchema,
  Attribute: attributeSchema,
  Cleared: clearedSchema,
  CollectorStatus: collectorStatusSchema,
  DeclaredDifference: declaredDifferenceSchema,
  DeclaredDifferences: declaredDifferencesSchema,
  ImportedRun: importedRunSchema,
  LogLine: logLineSchema,
  LogPage: logPageSchema,
  LogRecord: logRecordSchema,
  Metric: receivedMetricSchema,
  MetricList: metricsSchema,
  OperationNumbers: operationNumbersSchema,
  Overview: overviewSchema,
  Problem: problemSchema,
  RequestNumbers: requestNumbersSchema,
  Resource: resourceSchema,
  Run: runSchema,
  Runs: runsSchema,
  Runtimes: runtimesSchema,
  Scope: scopeSchema,
  Services: servicesSchema,
  SourceCount: sourceCountSchema,
  Span: spanSchema,
  Suggestions: suggestionsSchema,
  Trace: traceJsonSchema,
  TracePage: tracePageSchema,
  TraceSummary: traceSummarySchema,
  TryResults: tryResultsSchema,
  TryTargets: tryTargetsSchema,
  WholeLogRecord: logRecordJsonSchema,
} as const
