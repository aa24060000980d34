import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api'

/**
 * Replaces `@opentelemetry/context-async-hooks` in bundles. That package is CommonJS: nothing unused can be left out of
 * it, and it brings all of `@opentelemetry/api` along.
 */
export class AsyncLocalStorageContextManager implements ContextManager {
  readonly #contexts = new AsyncLocalStorage<Context>()

  active(): Context {
    return this.#contexts.getStore() ?? ROOT_CONTEXT
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    run: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#contexts.run(context, () => run.apply(self, args))
  }

  bind<T>(context: Context, target: T): T {
    if (typeof target !== 'function') return target
    const bound = (...args: unknown[]) =>
      this.#contexts.run(context, () => Reflect.apply(target, undefined, args))
    return Object.assign(bound, target)
  }

  enable(): this {
    return this
  }

  disable(): this {
    this.#contexts.disable()
    return this
  }
}
