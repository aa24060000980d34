import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from '@opentelemetry/api'
import {
  hrTimeDuration,
  type InstrumentationScope,
  isAttributeValue,
  isTimeInput,
  isTimeInputHrTime,
  millisToHrTime,
} from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type {
  ReadableSpan,
  SpanLimits,
  SpanProcessor,
  TimedEvent,
} from '@opentelemetry/sdk-trace-base'
import { describeException } from '../logs/exception-attributes.ts'

/** What a provider has decided for all spans of one tracer. */
export type SpanParts = {
  readonly resource: Resource
  readonly scope: InstrumentationScope
  readonly limits: Required<SpanLimits>
  /** How many attributes there are, if many spans may share them as they are: frozen, and within the limits. Else 0. */
  shareable(attributes: Attributes): number
  readonly processor: SpanProcessor
}

type SpanStart = {
  readonly name: string
  readonly kind: SpanKind
  readonly context: SpanContext
  readonly parent: SpanContext | undefined
  readonly startMillis: number
}

const noEvents: TimedEvent[] = []
const noLinks: Link[] = []
const unset: SpanStatus = { code: SpanStatusCode.UNSET }

/**
 * A span that costs little: it is what the SDK's is to whoever records into it and to every processor, with the same
 * limits. Times are milliseconds until somebody asks for them otherwise, and what a span mostly has none of is shared.
 */
export class RecordedSpan implements Span, ReadableSpan {
  readonly kind: SpanKind
  readonly parentSpanContext?: SpanContext
  readonly startMillis: number
  /** Frozen attributes that many spans have. */
  constant: Attributes | undefined = undefined
  /** All other attributes. */
  own: Attributes = {}
  name: string
  status: SpanStatus = unset
  events = noEvents
  links = noLinks
  /** 0 as long as it is open. */
  endMillis = 0
  ended = false
  droppedAttributesCount = 0
  droppedEventsCount = 0
  droppedLinksCount = 0
  readonly #parts: SpanParts
  readonly #context: SpanContext
  #attributesCount = 0

  constructor(parts: SpanParts, start: SpanStart) {
    const { name, kind, context, parent, startMillis } = start
    this.#parts = parts
    this.#context = context
    this.name = name
    this.kind = kind
    this.startMillis = startMillis
    if (parent !== undefined) this.parentSpanContext = parent
  }

  /** All of them, for this span alone: a processor may change them. */
  get attributes(): Attributes {
    if (this.constant !== undefined) {
      this.own = { ...this.constant, ...this.own }
      this.constant = undefined
    }
    return this.own
  }

  get resource(): Resource {
    return this.#parts.resource
  }

  get instrumentationScope(): InstrumentationScope {
    return this.#parts.scope
  }

  get startTime(): HrTime {
    return millisToHrTime(this.startMillis)
  }

  get endTime(): HrTime {
    return this.ended ? millisToHrTime(this.endMillis) : [0, 0]
  }

  get duration(): HrTime {
    return this.ended ? hrTimeDuration(this.startTime, this.endTime) : [-1, -1]
  }

  spanContext(): SpanContext {
    return this.#context
  }

  isRecording(): boolean {
    return !this.ended
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (value == null || this.ended || key === '') return this
    if (typeof value !== 'string' && !isAttributeValue(value)) return this
    const isShared = this.constant !== undefined && Object.hasOwn(this.constant, key)
    const own = isShared ? this.attributes : this.own
    if (!Object.hasOwn(own, key)) {
      if (this.#attributesCount >= this.#parts.limits.attributeCountLimit) {
        this.droppedAttributesCount += 1
        return this
      }
      this.#attributesCount += 1
    }
    own[key] = cut(value, this.#parts.limits.attributeValueLengthLimit)
    return this
  }

  setAttributes(attributes: Attributes): this {
    if (this.#attributesCount === 0 && !this.ended) {
      this.#attributesCount = this.#parts.shareable(attributes)
      if (this.#attributesCount > 0) {
        this.constant = attributes
        return this
      }
    }
    for (const key of Object.keys(attributes)) {
      const value = attributes[key]
      if (value !== undefined) this.setAttribute(key, value)
    }
    return this
  }

  addEvent(name: string, given?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.ended) return this
    const { limits } = this.#parts
    if (limits.eventCountLimit === 0) {
      this.droppedEventsCount += 1
      return this
    }
    if (this.events.length >= limits.eventCountLimit) {
      this.events.shift()
      this.droppedEventsCount += 1
    }
    const isTime = isTimeInput(given)
    const { attributes, dropped } =
      given === undefined || isTime
        ? { attributes: {}, dropped: 0 }
        : this.#limit(given, limits.attributePerEventCountLimit)
    const at = isTimeInput(time) ? time : isTime ? given : undefined
    const event = {
      name,
      attributes,
      time: millisToHrTime(toMillis(at)),
      droppedAttributesCount: dropped,
    }
    // Most spans have one at most, and an array that something is pushed into has room for sixteen.
    if (this.events === noEvents) this.events = [event]
    else this.events.push(event)
    return this
  }

  addLink(link: Link): this {
    if (this.ended) return this
    const { limits } = this.#parts
    if (limits.linkCountLimit === 0) {
      this.droppedLinksCount += 1
      return this
    }
    if (this.links === noLinks) this.links = []
    if (this.links.length >= limits.linkCountLimit) {
      this.links.shift()
      this.droppedLinksCount += 1
    }
    const { attributes, dropped } = this.#limit(link.attributes, limits.attributePerLinkCountLimit)
    this.links.push({ context: link.context, attributes, droppedAttributesCount: dropped })
    return this
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link)
    return this
  }

  setStatus({ code, message }: SpanStatus): this {
    if (this.ended || code === SpanStatusCode.UNSET || this.status.code === SpanStatusCode.OK)
      return this
    this.status =
      code === SpanStatusCode.ERROR && typeof message === 'string' ? { code, message } : { code }
    return this
  }

  updateName(name: string): this {
    if (!this.ended) this.name = name
    return this
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', describeException(exception), time)
  }

  end(time?: TimeInput): void {
    if (this.ended) return
    // A clock that was set back makes no negative duration.
    this.endMillis = Math.max(toMillis(time), this.startMillis)
    const { processor } = this.#parts
    processor.onEnding?.(this)
    this.ended = true
    processor.onEnd(this)
  }

  #limit(
    given: Attributes | undefined,
    max: number,
  ): { readonly attributes: Attributes; readonly dropped: number } {
    const attributes: Attributes = {}
    let count = 0
    for (const [key, value] of Object.entries(given ?? {})) {
      if (key === '' || value === undefined || !isAttributeValue(value)) continue
      count += 1
      if (count <= max) attributes[key] = cut(value, this.#parts.limits.attributeValueLengthLimit)
    }
    return { attributes, dropped: Math.max(0, count - max) }
  }
}

function cut(value: AttributeValue, max: number): AttributeValue {
  if (typeof value === 'string') return value.length > max ? value.slice(0, max) : value
  return isTexts(value) ? value.map((text) => text?.slice(0, max)) : value
}

function isTexts(value: AttributeValue): value is (string | null | undefined)[] {
  return Array.isArray(value) && value.some((item) => typeof item === 'string')
}

/** @see SpanParts.shareable */
export function createShareable(limits: SpanParts['limits']): SpanParts['shareable'] {
  const counts = new WeakMap<Attributes, number>()
  return (attributes) => {
    const known = counts.get(attributes)
    if (known !== undefined) return known
    // Of what is no object, whatever the types say, nothing can be kept.
    if (typeof attributes !== 'object' || !Object.isFrozen(attributes)) return 0
    const entries = Object.entries(attributes)
    const count = entries.length
    const isWithin = count <= limits.attributeCountLimit && entries.every(fits)
    counts.set(attributes, isWithin ? count : 0)
    return isWithin ? count : 0
  }

  function fits([key, value]: readonly [string, AttributeValue | undefined]): boolean {
    if (key === '') return false
    if (typeof value === 'string') return value.length <= limits.attributeValueLengthLimit
    return typeof value === 'number' || typeof value === 'boolean'
  }
}

/** Far below any time of today, and after three years of a process that reads its monotonic clock. */
const monotonicMillisMax = 1e11

/** Milliseconds since the Unix epoch, also of what the monotonic clock said. */
export function toMillis(time: TimeInput | undefined): number {
  if (time === undefined) return Date.now()
  if (typeof time === 'number')
    return time < monotonicMillisMax ? Date.now() - performance.now() + time : time
  if (isTimeInputHrTime(time)) return time[0] * 1000 + time[1] / 1e6
  return time.getTime()
}
