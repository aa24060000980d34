import type { Span } from '../../otlp/model.ts'

export function wait(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}

export function durationMillis(span: Span | undefined): number {
  return span === undefined ? Number.NaN : Number(span.endNanos - span.startNanos) / 1e6
}
