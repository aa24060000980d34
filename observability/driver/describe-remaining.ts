/**
 * How long the rest takes if it goes on as it went, such as `, about 40 s left`; empty while too little was done to
 * tell.
 *
 * @param done What was done within `elapsedMillis`, of `of`.
 */
export function describeRemaining(done: number, of: number, elapsedMillis: number): string {
  if (done < 3 || done >= of) return ''
  const seconds = Math.ceil(((elapsedMillis / done) * (of - done)) / 1000)
  if (seconds < 100) return `, about ${seconds} s left`
  return `, about ${Math.round(seconds / 60)} min left`
}
