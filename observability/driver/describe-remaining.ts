/**
 * How long the rest takes at the pace so far, such as `, about 40 s left`. Empty while too little is done for an
 * estimate.
 *
 * @param done What was done within `elapsedMillis`, of `of`.
 */
export function describeRemaining(done: number, of: number, elapsedMillis: number): string {
  if (done < 3 || done >= of) return ''
  const seconds = Math.ceil(((elapsedMillis / done) * (of - done)) / 1000)
  if (seconds < 100) return `, about ${seconds} s left`
  return `, about ${Math.round(seconds / 60)} min left`
}
