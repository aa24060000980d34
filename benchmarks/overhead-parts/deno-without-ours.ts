// The service on Deno without our telemetry, for Deno's own to be measured.
process.env.OTEL_SDK_DISABLED = 'true'
// Computed, so that Deno's types are not asked for here.
await import(new URL('../../runtimes/deno/main.ts', import.meta.url).href)
