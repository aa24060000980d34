/**
 * Waits for a promise, until a time limit or a signal.
 *
 * @returns The promise's value; `undefined` if it took too long. Rejects if it rejects in time.
 */
export async function within<T>(
  millis: number,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<{ readonly value: T } | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const expire = () => resolve(undefined)
  const timer = setTimeout(expire, millis)
  signal?.addEventListener('abort', expire)
  if (signal?.aborted === true) expire()
  try {
    return await Promise.race([promise.then((value) => ({ value })), late])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', expire)
  }
}
