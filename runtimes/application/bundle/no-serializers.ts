// Replaces, for the exporters in a bundle, what they would encode JSON with and count by: ours hand them bytes.
const none = {
  serializeRequest() {
    throw new Error(
      'this bundle has no JSON serializer for OTLP; see withoutSerializers in bundle-adapter.ts',
    )
  },
}
const helper = { name: 'none', countItems: () => 0 }

export {
  helper as TraceExporterMetricsHelper,
  helper as LogsExporterMetricsHelper,
  none as JsonTraceSerializer,
  none as JsonLogsSerializer,
}
