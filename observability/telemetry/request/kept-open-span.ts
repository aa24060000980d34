import type {
  Attributes,
  AttributeValue,
  Link,
  Span,
  SpanContext,
  TimeInput,
} from '@opentelemetry/api'
import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions'

/**
 * What `@hono/otel` sees of a server span: it may add to it, and neither name, judge nor end it.
 *
 * It would call a path that matched nothing `/*`, a 4xx an error, and a request over when its body has just begun.
 */
export class KeptOpenSpan implements Span {
  readonly #span: Span

  constructor(span: Span) {
    this.#span = span
  }

  spanContext(): SpanContext {
    return this.#span.spanContext()
  }

  isRecording(): boolean {
    return this.#span.isRecording()
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (key !== ATTR_HTTP_ROUTE) this.#span.setAttribute(key, value)
    return this
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes))
      if (value !== undefined) this.setAttribute(key, value)
    return this
  }

  addEvent(name: string, attributes?: Attributes | TimeInput, time?: TimeInput): this {
    this.#span.addEvent(name, attributes, time)
    return this
  }

  addLink(link: Link): this {
    this.#span.addLink(link)
    return this
  }

  addLinks(links: Link[]): this {
    this.#span.addLinks(links)
    return this
  }

  updateName(): this {
    return this
  }

  setStatus(): this {
    return this
  }

  recordException(): void {}

  end(): void {}
}
