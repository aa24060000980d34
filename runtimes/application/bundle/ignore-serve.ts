/** Stands for `Deno.serve` and `Bun.serve` in an app that is served by an adapter already. */
export function __ignoreServe() {
  return { finished: Promise.resolve(), shutdown: async () => {}, stop: async () => {} }
}
