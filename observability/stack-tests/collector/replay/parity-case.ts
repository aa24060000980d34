/** The body of an `ExportTraceServiceRequest` in OTLP/JSON, as a sender would write it. */
export type TracesJson = { readonly resourceSpans?: readonly object[] }

/** Requests from which both collectors must make the same metrics. */
export type ParityCase = {
  /** Also the name of the golden file. */
  readonly name: string
  /** A configuration of the Collector; both read it. */
  readonly config: string
  readonly steps: readonly Step[]
  /** Too large to be written down; compared where there is a Collector. */
  readonly isLarge?: boolean
}

/** Requests, one after the other, and the flush after them. */
export type Step = {
  readonly send: readonly TracesJson[]
  /** How long nothing is sent before this step. */
  readonly afterMillis?: number
}

/** The results of a step. */
export type StepResult = {
  /** For each request whether it was taken in full, in part, or refused. */
  readonly answers: readonly Answer[]
  /** An `ExportMetricsServiceRequest` in OTLP/JSON: what the flush exported. */
  readonly metrics: string
}

export type Answer = 'taken' | 'taken in part' | 'refused'
