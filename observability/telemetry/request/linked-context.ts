import { type Context, createContextKey } from '@opentelemetry/api'

/** Where OpenTelemetry keeps the active span in a context; its own key, which is the same in every copy of its API. */
export const spanKey = createContextKey('OpenTelemetry Context Key SPAN')

/** One value over another context. OpenTelemetry's own context copies all values of the other for that. */
export class LinkedContext implements Context {
  readonly #parent: Context
  readonly #key: symbol
  readonly #value: unknown

  constructor(parent: Context, key: symbol, value: unknown) {
    this.#parent = parent
    this.#key = key
    this.#value = value
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#parent.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return new LinkedContext(this, key, value)
  }

  deleteValue(key: symbol): Context {
    return new LinkedContext(this, key, undefined)
  }
}
