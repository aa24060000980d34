import { wait } from './durations.ts'

/** Chunks 30 ms apart, and then an end or an error. */
export function slowly(chunks: readonly string[], error?: Error): ReadableStream<Uint8Array> {
  let i = 0
  return new ReadableStream({
    async pull(controller) {
      await wait(30)
      const chunk = chunks[i++]
      if (chunk !== undefined) controller.enqueue(new TextEncoder().encode(chunk))
      else if (error === undefined) controller.close()
      else controller.error(error)
    },
  })
}
