/** A duration with three digits that count, such as `0.052 ms`, `12.3 ms` or `4210 ms`. */
export function renderMillis(millis: number | null): string {
  if (millis === null) return '- ms'
  const size = Math.abs(millis)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return `${millis.toFixed(digits)} ms`
}
