/** The three kinds of telemetry that OTLP carries, by the last part of their path (`/v1/traces`). */
export type Signal = 'traces' | 'logs' | 'metrics'

/** The two encodings of a message on the wire. */
export type Encoding = 'json' | 'protobuf'
